import type { ChalkInstance } from 'chalk';
import { UserError } from '../../domain/errors.js';
import type { Session } from '../../domain/session.js';
import { escaped, formatNumber, pluralize } from '../../domain/text.js';
import {
  type Compared,
  type Moment,
  ScriptCheck,
  type ScriptComparison,
} from '../../expect/compare-with-script.js';
import { durationsOf, readClips } from '../../table/clip-tables.js';
import { inspect } from '../../validate/inspect.js';
import { Tally } from '../../validate/inspected.js';
import { INSPECT_DEFAULTS } from '../../validate/options.js';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import { type InputFlags, sourcesOf } from '../options/input.js';
import { type CommonFlags, noDataText, reportKeptOut, withinOf } from '../options/option.js';
import { openReading, refusing } from '../options/reading.js';
import { openOutput, writeAll } from '../output.js';
import { scriptOf } from '../simulate/run.js';
import { forPeople, lookOf } from '../terminal.js';
import { requireDistinctFiles } from '../written-files.js';

export interface ExpectFlags extends CommonFlags, InputFlags {
  readonly clips?: string;
  readonly script: readonly string[];
  readonly clip?: string;
  readonly session?: string;
  readonly format: 'pretty' | 'json';
}

/** There is a limit because all sessions stay in memory until the last one is compared. */
const MAX_EVENTS = 50_000;

export async function runExpect(files: readonly string[], flags: ExpectFlags, cli: Cli): Promise<ExitCode> {
  requireDistinctFiles({ 'the comparison': flags.output }, [
    ...flags.script,
    ...files,
    flags.clips,
    flags.clipMap,
  ]);
  const check = await scriptCheckOf(flags);
  const comparisons: ScriptComparison[] = [];
  const tally = new Tally();
  let events = 0;
  for await (const session of sessionsOf(files, flags, cli, tally)) {
    if (!check.picks(session)) continue;
    events += session.count;
    if (events > MAX_EVENTS) {
      throw new UserError(
        'input',
        `expected at most ${formatNumber(MAX_EVENTS)} events to compare with the script, received more`,
        'Give the sessions of one run of the player: --since TIME leaves out earlier ones.',
      );
    }
    comparisons.push(check.take(session));
  }
  if (comparisons.length === 0) throw nothingCompared(flags, tally);
  reportKeptOut(tally.keptOut, flags, cli);
  const { matches, missing } = check;
  const look = lookOf(flags, cli);
  const text =
    flags.format === 'json'
      ? [`${JSON.stringify({ version: 1, matches, sessions: comparisons, missing }, null, 2)}\n`]
      : [...comparisons.map((comparison) => comparisonText(comparison, look)), ...missing.map(missingText)];
  const output = flags.format === 'json' ? text : forPeople(text, flags.output, cli);
  await writeAll(await openOutput(flags.output, cli.stdout), output);
  if (!matches && flags.script.length === 1 && comparisons.length > 1 && !flags.quiet) {
    cli.stderr.write(
      `${pluralize(comparisons.length, 'session')} compared with one script: pick some with --session or --clip, or give --script once per session\n`,
    );
  }
  return matches && tally.unmapped === 0 ? EXIT.ok : EXIT.invalid;
}

/** The scripts to compare sessions with. @throws UserError when a script or the clips cannot be read */
export async function scriptCheckOf({
  script,
  clips,
  clip,
  session,
}: Pick<ExpectFlags, 'script' | 'clips' | 'clip' | 'session'>): Promise<ScriptCheck> {
  const scripts = await Promise.all(script.map(async (name) => ({ name, script: await scriptOf(name) })));
  const durations = durationsOf(clips === undefined ? [] : await readClips(clips));
  return new ScriptCheck({ scripts, clip, session, durations });
}

function nothingCompared({ session, clip }: ExpectFlags, tally: Tally): UserError {
  const picked = session === undefined ? (clip === undefined ? '' : ` of clip ${clip}`) : ` ${session}`;
  const why =
    tally.keptOut > 0
      ? noDataText('compare', tally.keptOut)
      : `nothing to compare: no session${escaped(picked)} in the input`;
  return new UserError('input', why);
}

/** The message about a script without a session. */
export function missingText(script: string): string {
  return `script ${escaped(script)}: no session arrived for it\n\n`;
}

/** The sessions in the order of arrival. Use each session before you ask for the next one: they share one object. */
async function* sessionsOf(
  files: readonly string[],
  flags: ExpectFlags,
  cli: Cli,
  tally: Tally,
): AsyncGenerator<Session> {
  const reading = await openReading(sourcesOf(files, flags, cli), flags, cli);
  const options = { ...INSPECT_DEFAULTS, now: flags.now ?? cli.now(), within: withinOf(flags, cli) };
  for await (const chunk of inspect(refusing(reading), options)) {
    for (const inspected of chunk) {
      tally.add(inspected);
      if (inspected.kind === 'session' && inspected.occurrence !== 'resent') yield inspected.session;
    }
  }
}

/** The expected and the received events of a session: side by side, or below each other on a narrow terminal. */
export function comparisonText(
  { key, matches, lines, broken, script }: ScriptComparison,
  { colors, columns }: { readonly colors: ChalkInstance; readonly columns: number | null },
): string {
  const verdict =
    script === null
      ? colors.red('✖ no script for this session')
      : matches
        ? colors.green(`✔ matches ${escaped(script)}`)
        : colors.red(`✖ differs from ${escaped(script)}`);
  const moments = lines.flatMap((line) => [
    'expected' in line ? line.expected : null,
    'received' in line ? line.received : null,
  ]);
  const texts = momentTexts(moments);
  const width = Math.max(LEAST_WIDTH, ...texts.map(({ length }) => length));
  const whole = columns ?? Number.POSITIVE_INFINITY;
  const beside = MARGIN.length + 2 * width + 2 <= whole;
  const rows = lines.flatMap((line, i) => {
    const [expected = '', received = ''] = texts.slice(2 * i, 2 * i + 2);
    const same = line.kind === 'same';
    const mark = same ? colors.green('✔') : colors.red('✖');
    const words = same ? '' : why(line);
    const end = same ? [] : [`${MARGIN}${colors.red(words)}`];
    if (!beside)
      return [`  ${mark} expected ${expected}`, ...(same ? [] : [`${MARGIN}received ${received}`]), ...end];
    const row = `  ${mark} ${expected.padEnd(width)}  ${received}`;
    const margin = whole - MARGIN.length - 2 * width;
    return same || margin < words.length + 4
      ? [row, ...end]
      : [`${row}${' '.repeat(width - received.length + 2)}${colors.red(words)}`];
  });
  const head = beside ? [colors.dim(`${MARGIN}${'expected'.padEnd(width)}  received`)] : [];
  const tail =
    broken === 0
      ? []
      : [colors.red(`  ${pluralize(broken, 'event')} with errors. See them with: omny-consume validate`)];
  return `${[`session ${key}: ${verdict}`, ...head, ...rows, ...tail].join('\n')}\n\n`;
}

const MARGIN = ' '.repeat(4);
const LEAST_WIDTH = 24;

/** Moments as texts with their positions aligned. */
function momentTexts(moments: readonly (Moment | null)[]): readonly string[] {
  const positions = moments.map((moment) => (moment ? seconds(moment.position) : ''));
  const widest = Math.max(...positions.map(({ length }) => length));
  return moments.map((moment, i) =>
    moment
      ? `${moment.type.padEnd(5)} ${(positions[i] ?? '').padStart(widest)} after ${seconds(moment.time)}`
      : '—',
  );
}

function seconds(value: number): string {
  return `${Math.round(value * 1000) / 1000} s`;
}

function why(line: Exclude<Compared, { kind: 'same' }>): string {
  if (line.kind === 'missing') return 'missing';
  if (line.kind === 'extra') return 'not in the script';
  const off = line.in.map(
    (what) => `${what} off by ${seconds(Math.abs(line.received[what] - line.expected[what]))}`,
  );
  return off.join(', ');
}
