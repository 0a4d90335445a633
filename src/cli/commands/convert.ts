import { UserError } from '../../domain/errors.js';
import { escaped, formatNumber, pluralize } from '../../domain/text.js';
import { FIXED, Fixer, MAX_FIXED_EVENTS } from '../../fix/fixer.js';
import type { Change } from '../../fix/fixes.js';
import type { ExplainedSession } from '../../read/table-options.js';
import { shown } from '../../rules/words.js';
import { memoryBudget, shareOf } from '../../sessions/memory.js';
import { durationsOf, readClips } from '../../table/clip-tables.js';
import { inspect } from '../../validate/inspect.js';
import { type Inspected, Tally } from '../../validate/inspected.js';
import { INSPECT_DEFAULTS, type InspectOptions } from '../../validate/options.js';
import { type Writable, write } from '../../write/write.js';
import { type Cli, EXIT, type ExitCode, stopSignal } from '../cli.js';
import { type InputFlags, sourcesOf } from '../options/input.js';
import {
  type CommonFlags,
  isVerbose,
  noDataText,
  type OutputFlags,
  reportKeptOut,
  withinOf,
  writeOptionsOf,
} from '../options/option.js';
import { openReading, type Reading, refusing, UnreadablePlaces } from '../options/reading.js';
import { type Output, openOutput, writeAll } from '../output.js';
import { LinesLeftOut, requireDistinctFiles, requireNotStdout } from '../written-files.js';

/** The share of the memory budget for lines that cannot be read. */
const UNREADABLE_SHARE = 1 / 32;

export interface ConvertFlags extends CommonFlags, InputFlags, OutputFlags {
  readonly fix?: boolean;
  readonly clips?: string;
  readonly closeOpen?: boolean;
  readonly fixLog?: string;
  readonly unreadable?: string;
  readonly explain?: boolean;
  /** Allow the output to replace an input. */
  readonly force?: boolean;
}

export async function runConvert(files: readonly string[], flags: ConvertFlags, cli: Cli): Promise<ExitCode> {
  const beside = { 'the log of changes': flags.fixLog, 'the unreadable lines': flags.unreadable };
  const read = [...files, flags.clipMap, flags.clips];
  requireDistinctFiles({ 'the output': flags.output, ...beside });
  requireDistinctFiles(beside, read);
  if (!flags.force)
    requireDistinctFiles(
      { 'the output': flags.output },
      read,
      'Name another file, or give --force to replace it.',
    );
  requireNotStdout('--fix-log', flags.fixLog, flags.output);
  const options = {
    ...INSPECT_DEFAULTS,
    now: flags.now ?? cli.now(),
    memory: memoryBudget(flags.memory),
    within: withinOf(flags, cli),
    clipDurations: durationsOf(flags.clips === undefined ? [] : await readClips(flags.clips)),
  };
  const sources = sourcesOf(files, flags, cli);
  const fixing = await Fixing.open(flags, options, cli);
  const spelling = fixing && {
    spell: fixing.fixer.spelled,
    changeBody: fixing.fixer.spelledBody,
    keepOriginal: fixing.fixer.isRespelled,
    joinRequests: true,
  };
  const tally = new Tally();
  const lost = new UnreadablePlaces(flags);
  const lines = new LinesLeftOut('unreadable', shareOf(options.memory, UNREADABLE_SHARE));
  function* noted(some: Iterable<Inspected>): Generator<Inspected> {
    for (const inspected of some) {
      tally.add(inspected);
      lost.note(inspected);
      if (flags.unreadable !== undefined) lines.note(inspected);
      yield inspected;
    }
  }
  async function* items(reading: Reading): AsyncGenerator<Iterable<Writable>> {
    for await (const some of inspect(refusing(reading), options)) {
      if (fixing) yield* fixing.fixed(noted(some));
      else yield written(noted(some));
    }
    if (tally.nothing) throw new UserError('input', noDataText('convert', tally.keptOut));
    if (fixing) {
      yield* fixing.end();
      // The output gets its final name after this, so that no fix is in the output without being in the log.
      await fixing.close();
    }
  }
  const leftOut = { events: 0 };
  try {
    const reading = await openReading(sources, flags, cli, {
      ...spelling,
      rules: options,
      ...(flags.explain && { onSession: (session) => void cli.stderr.write(explanationOf(session)) }),
    });
    const output = await openOutput(flags.output, cli.stdout);
    const whole = await writeAll(output, write(items(reading), writeOptionsOf(flags), leftOut), stopSignal());
    if (!whole) {
      await fixing?.abandon();
      lost.report(cli, 'the output');
      return lost.incomplete ? EXIT.invalid : EXIT.ok;
    }
    if (flags.unreadable !== undefined) {
      const rest = [...lines.byInput()].map((each) => each.lines);
      await writeAll(await openOutput(flags.unreadable, cli.stdout), allOf(rest));
    }
  } catch (error) {
    await fixing?.abandon();
    throw error;
  } finally {
    lines.close();
  }
  report();
  return lost.incomplete ? EXIT.invalid : EXIT.ok;

  function report(): void {
    lost.report(cli, 'the output');
    if (flags.quiet) return;
    reportKeptOut(tally.keptOut, flags, cli);
    const { sessions, events, errors } = tally.summary();
    if (leftOut.events > 0) {
      cli.stderr.write(
        `${pluralize(leftOut.events, 'event')} left out: they have no usable SessionId, which ${flags.outputFormat} needs\n`,
      );
    }
    const inAll = events + (fixing?.addedEvents ?? 0);
    cli.stderr.write(`converted ${pluralize(sessions, 'session')}, ${pluralize(inAll, 'event')}\n`);
    fixing?.report();
    if (!fixing && errors > lost.errors) {
      cli.stderr.write(
        `${pluralize(errors - lost.errors, 'error')} in the data. See the errors with: omny-consume validate\n`,
      );
    }
  }
}

function* allOf(lines: readonly Iterable<Uint8Array>[]): Generator<Uint8Array> {
  for (const some of lines) yield* some;
}

/** One line about a session made of rows: which events were in the table, and which times were inferred. */
function explanationOf({ file, line, sessionId, events }: ExplainedSession): string {
  const origins = events.map(
    ({ type, positionMs, timestamp, origin }) => `${type} ${positionMs / 1000} at ${timestamp} ${origin}`,
  );
  return `${escaped(`${file}:${line}: session ${sessionId}: ${origins.join(', ')}`)}\n`;
}

/** The items to write. A session that was sent again is written once. */
function* written(some: Iterable<Inspected>): Generator<Writable> {
  for (const inspected of some) {
    if (inspected.kind === 'stray') yield inspected;
    else if (inspected.kind === 'session' && inspected.occurrence !== 'resent') yield inspected;
  }
}

/** The log is written in pieces of about this many characters. */
const LOG_PIECE = 64 * 1024;

/** Fixes the converted data, logs each change, and reports what was fixed. */
export class Fixing {
  #lines = '';
  readonly fixer: Fixer;

  private constructor(
    private readonly log: Output | null,
    private readonly flags: ConvertFlags,
    private readonly cli: Cli,
    options: InspectOptions,
  ) {
    this.fixer = new Fixer({
      ...options,
      closeOpen: flags.closeOpen === true,
      onChange: (change) => {
        if (this.log) this.#lines += lineOf(change);
        if (isVerbose(flags)) cli.stderr.write(`${changeText(change)}\n`);
      },
    });
  }

  /** Null without `--fix`. @throws UserError when the log cannot be written */
  static async open(flags: ConvertFlags, options: InspectOptions, cli: Cli): Promise<Fixing | null> {
    if (!flags.fix) {
      if (flags.closeOpen) throw new UserError('usage', '--close-open needs --fix');
      if (flags.fixLog !== undefined) throw new UserError('usage', '--fix-log needs --fix');
      return null;
    }
    const log = flags.fixLog === undefined ? null : await openOutput(flags.fixLog, cli.stdout);
    return new Fixing(log, flags, cli, options);
  }

  /** Fixes inspected items, and yields them in parts. */
  fixed(inspected: Iterable<Inspected>): AsyncGenerator<Iterable<Writable>> {
    const { fixer } = this;
    function* all(): Generator<Writable> {
      for (const each of inspected) yield* fixer.fix(each);
    }
    return this.#logged(all());
  }

  /** Yields the items that the fixer held back until the end of the input. */
  end(): AsyncGenerator<Iterable<Writable>> {
    return this.#logged(this.fixer.end());
  }

  /** Yields in parts and writes the log between them, so that the log's memory does not grow with the input. */
  async *#logged(fixed: Generator<Writable>): AsyncGenerator<Iterable<Writable>> {
    let ended = false;
    const part = function* (this: Fixing): Generator<Writable> {
      while (this.#lines.length < LOG_PIECE) {
        const { done, value } = fixed.next();
        ended = done === true;
        if (ended) return;
        yield value;
      }
    };
    while (!ended) {
      yield part.call(this);
      await this.write();
    }
  }

  /** Writes the rest of the log and closes it. */
  async close(): Promise<void> {
    await this.write();
    await this.log?.close();
  }

  async abandon(): Promise<void> {
    await this.log?.abandon();
  }

  /** Events written minus events read. */
  get addedEvents(): number {
    const { changed } = this.fixer;
    return (changed.get('session-open') ?? 0) - (changed.get('seq-duplicate') ?? 0);
  }

  /** Reports what was fixed and what was not. */
  report(): void {
    if (this.flags.quiet) return;
    const { changed, sessions, kept, keptFor, tooLarge, withErrors, oneInMilliseconds } = this.fixer;
    const { stderr } = this.cli;
    stderr.write(changed.size === 0 ? 'nothing to fix\n' : `fixed ${pluralize(sessions, 'session')}:\n`);
    for (const [rule, [one, several]] of Object.entries(FIXED)) {
      const times = [...changed].find(([id]) => id === rule)?.[1] ?? 0;
      if (times > 0) stderr.write(`  ${formatNumber(times)} ${times === 1 ? one : several} (${rule})\n`);
    }
    if (kept > 0) {
      const rules = [...keptFor].map(([rule, times]) => `${rule} (${formatNumber(times)})`).join(', ');
      stderr.write(`${pluralize(kept, 'session')} not fixed: the fix would cause ${rules}\n`);
    }
    if (oneInMilliseconds) {
      stderr.write(
        '1 session seems to have Positions in milliseconds and was not fixed: an unreported seek looks the same. Give the clips’ durations with --clips to decide\n',
      );
    }
    if (tooLarge > 0) {
      stderr.write(
        `${pluralize(tooLarge, 'session')} not fixed: a session with more than ${formatNumber(MAX_FIXED_EVENTS)} events is too large to fix\n`,
      );
    }
    if (withErrors > 0) {
      const have = withErrors === 1 ? 'has' : 'have';
      stderr.write(
        `${pluralize(withErrors, 'session')} still ${have} errors. See the errors with: omny-consume validate\n`,
      );
    }
  }

  /** Writes the changes since the last call to the log. */
  async write(): Promise<void> {
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') await this.log?.write(lines);
  }
}

function changeText({ rule, what, place, before, after }: Change): string {
  const at = `${place.input.name}:${place.line}`;
  const change = before === null || after === null ? '' : `: ${shown(before)} becomes ${shown(after)}`;
  return escaped(`${at}: ${what}${change} (${rule})`);
}

function lineOf({ rule, what, place, sessionId, before, after }: Change): string {
  const { input, line } = place;
  const entry = { file: input.name, line, sessionId, rule, what, before, after };
  return `${escaped(JSON.stringify(entry))}\n`;
}
