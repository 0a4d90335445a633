import { escaped, formatNumber, pluralize } from '../../domain/text.js';
import { UserError } from '../../domain/errors.js';
import type { Change } from '../../fix/define.js';
import { FIXED, Fixer } from '../../fix/fixer.js';
import { shown } from '../../rules/words.js';
import type { Inspected } from '../../validate/inspected.js';
import type { InspectOptions } from '../../validate/options.js';
import type { Writable } from '../../write/write.js';
import type { Cli } from '../cli.js';
import { saysMore } from '../options/everywhere.js';
import { type Output, openOutput } from '../output.js';
import type { ConvertFlags } from './command.js';

/** Mends what is converted, writes down each change, and tells of it. */
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
        if (saysMore(flags)) cli.stderr.write(`${changeText(change)}\n`);
      },
    });
  }

  /**
   * Null where nothing is to be mended.
   * @throws UserError where the log cannot be written.
   */
  static async open(flags: ConvertFlags, options: InspectOptions, cli: Cli): Promise<Fixing | null> {
    if (!flags.fix) {
      if (flags.closeOpen) throw new UserError('usage', '--close-open goes with --fix');
      if (flags.fixLog !== undefined) throw new UserError('usage', '--fix-log goes with --fix');
      return null;
    }
    const log = flags.fixLog === undefined ? null : await openOutput(flags.fixLog, cli.stdout);
    return new Fixing(log, flags, cli, options);
  }

  /** What is to be written of some of what inspection tells. */
  *fixed(inspected: Iterable<Inspected>): Generator<Writable> {
    for (const each of inspected) yield* this.fixer.fix(each);
  }

  /** What was held back. */
  async *end(): AsyncGenerator<Iterable<Writable>> {
    for (const fixed of this.fixer.end()) {
      yield [fixed];
      await this.write();
    }
  }

  /** Ends the log. */
  async close(): Promise<void> {
    this.fixer.close();
    await this.write();
    await this.log?.close();
  }

  async abandon(): Promise<void> {
    this.fixer.close();
    await this.log?.abandon();
  }

  /** How many more events are written than were read. */
  get addedEvents(): number {
    const { changed } = this.fixer;
    return (changed.get('session-open') ?? 0) - (changed.get('seq-duplicate') ?? 0);
  }

  /** Tells what was mended, and what was not. */
  tell(): void {
    if (this.flags.quiet) return;
    const { changed, sessions, kept, keptFor, unsound } = this.fixer;
    const { stderr } = this.cli;
    stderr.write(changed.size === 0 ? 'nothing to mend\n' : `mended ${pluralize(sessions, 'session')}:\n`);
    for (const [rule, [one, several]] of Object.entries(FIXED)) {
      const times = [...changed].find(([id]) => id === rule)?.[1] ?? 0;
      if (times > 0) stderr.write(`  ${formatNumber(times)} ${times === 1 ? one : several} (${rule})\n`);
    }
    if (kept > 0) {
      const rules = [...keptFor].map(([rule, times]) => `${rule} (${formatNumber(times)})`).join(', ');
      stderr.write(`${pluralize(kept, 'session')} left unmended: mending would bring up ${rules}\n`);
    }
    if (unsound > 0) {
      stderr.write(`${pluralize(unsound, 'session')} with errors left: omny-consume validate explains\n`);
    }
  }

  /** Writes to the log what was changed since the last time. */
  async write(): Promise<void> {
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') await this.log?.write(lines);
  }
}

function changeText({ rule, what, place, before, after }: Change): string {
  const at = `${place.input.name}:${place.line}`;
  const change = before === null || after === null ? '' : `: ${shown(before)} is ${shown(after)} now`;
  return escaped(`${at}: ${what}${change} (${rule})`);
}

function lineOf({ rule, what, place, sessionId, before, after }: Change): string {
  const { input, line } = place;
  const told = { file: input.name, line, sessionId, rule, what, before, after };
  return `${escaped(JSON.stringify(told))}\n`;
}
