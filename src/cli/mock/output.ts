import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { UserError } from '../../domain/errors.js';
import type { Finding, ReportedFinding, RuleId } from '../../domain/finding.js';
import { Newest } from '../../domain/newest-map.js';
import { wordsOf } from '../../domain/place.js';
import { escaped, pluralize } from '../../domain/text.js';
import { HAR_HEAD, harTail } from '../../mock/http/exchange.js';
import type { AnsweredRequest, MockOptions } from '../../mock/options.js';
import type { MockSheet, MockTotal } from '../../mock/start.js';
import type { Gated } from '../../validate/gates.js';
import { prettySheet, verdictOf } from '../certify/formats.js';
import type { Cli } from '../cli.js';
import { openOutput, writeAll } from '../output.js';
import { colorsFor, columnsOf, formatBytes, forPeople } from '../terminal.js';
import { findingsReport } from '../validate/reporters/index.js';
import { openAppended, whyNotAppended } from '../written-files.js';
import type { MockFlags } from './mock-options.js';

const MAX_KEPT_FINDINGS = 10_000;
const MAX_SHOWN_FINDINGS = 5;
const INDENT = ' '.repeat(9);
const COLOR_OF = { error: 'red', warning: 'yellow', info: 'blue' } as const;

/** Writes a line for each request as it arrives: the response and the findings. A rule's first finding has a hint. */
export class RequestLines {
  readonly #hinted = new Set<RuleId>();
  readonly #colors;
  #notForwarded: string | null = null;

  constructor(
    readonly flags: MockFlags,
    readonly cli: Cli,
  ) {
    this.#colors = colorsFor(cli.stderr, flags.color, cli.env);
  }

  write({ request, space, findings, notForwarded }: AnsweredRequest): void {
    const { method, url, status, fault, unmatched, sessions, bytes, receivedAt } = request;
    const time = new Date(receivedAt * 1000).toTimeString().slice(0, 8);
    const words = [method, status ?? 'no answer'];
    if (space !== null) words.push(`/t/${space}`);
    if (fault !== null) words.push(`(fault ${fault})`);
    const what =
      unmatched === null
        ? `${pluralize(sessions.length, 'session')}, ${formatBytes(bytes)}`
        : [url, unmatched].filter((text) => text !== '').join(': ');
    const line = escaped(`${words.join(' ')}  ${what}`);
    const lines = [`${this.#colors.dim(time)} ${unmatched === null ? line : this.#colors.yellow(line)}`];
    const shown = findings.filter(({ severity }) => severity !== 'info' || this.flags.verbose);
    const first = this.flags.verbose ? shown : shown.slice(0, MAX_SHOWN_FINDINGS);
    for (const finding of first) lines.push(...this.#findingLines(finding));
    if (shown.length > first.length) {
      lines.push(`${INDENT}… and ${pluralize(shown.length - first.length, 'more finding')} (-v shows all)`);
    }
    if (notForwarded !== null && notForwarded !== this.#notForwarded) {
      lines.push(`${INDENT}${escaped(notForwarded)}`);
    }
    this.#notForwarded = notForwarded;
    this.cli.stderr.write(`${lines.join('\n')}\n`);
  }

  #findingLines({ rule, severity, message, hint, path, request, sessionId }: ReportedFinding): string[] {
    const colors = this.#colors;
    const session = sessionId === null ? [] : [`session ${sessionId}`];
    const about = [...wordsOf({ input: { isMock: true }, request, pointer: path }), ...session];
    const where = about.length === 0 ? '' : colors.dim(` (${escaped(about.join(', '))})`);
    const lines = [
      `${INDENT}${colors[COLOR_OF[severity]](severity)} ${colors.bold(rule)}: ${escaped(message)}${where}`,
    ];
    if (!this.#hinted.has(rule)) lines.push(`${INDENT}  ${colors.cyan('hint:')} ${escaped(hint)}`);
    this.#hinted.add(rule);
    return lines;
  }
}

/**
 * Writes requests to a file as they arrive: bodies, one per line, or a HAR. `validate` and `send` can read either.
 */
export class Recorder {
  #fault: string | null = null;
  #truncated: Promise<void> | null = null;
  #entries = 0;

  private constructor(
    readonly stream: Writable,
    name: string,
    readonly cli: Cli,
    readonly file: FileHandle | null,
    readonly har: boolean,
  ) {
    stream.on('error', (error: Error) => {
      if (this.#fault !== null) return;
      this.#fault = `${name}: cannot be written: ${error.message}`;
      cli.stderr.write(`error: ${escaped(this.#fault)}; the mock continues without recording\n`);
    });
  }

  /**
   * @param path `-` is standard output.
   * @param force Overwrite a file that is not empty.
   * @throws UserError of kind `usage` when the file is not empty, of kind `output` when it cannot be written
   */
  static async open(path: string, force: boolean, cli: Cli): Promise<Recorder> {
    if (path === '-') return new Recorder(cli.stdout, 'standard output', cli, null, false);
    const { handle, regular } = await openAppended(path).catch((error: unknown) => {
      throw new UserError('output', `${path}: cannot be written: ${whyNotAppended(error)}`);
    });
    const status = await handle.stat();
    if (regular && !force && status.size > 0) {
      await handle.close();
      throw notEmpty(path, status);
    }
    return new Recorder(handle.createWriteStream(), path, cli, regular ? handle : null, /\.har$/i.test(path));
  }

  /** Why recording stopped; null while it works. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Options with which the mock passes requests to the recorder. */
  get hooks(): Pick<MockOptions, 'record' | 'recordHar'> {
    if (!this.har) return { record: (body) => this.#write(`${body}\n`) };
    return {
      recordHar: async (entry) => {
        // No await before the count changes: another request could arrive meanwhile and also write the beginning.
        const between = this.#entries > 0 ? ',' : HAR_HEAD;
        this.#entries += 1;
        await this.#write(`${between}\n${entry}`);
      },
    };
  }

  /** Resolves when the text is written; never rejects. */
  async #write(text: string): Promise<void> {
    // The old content is removed only once there is something to replace it.
    this.#truncated ??= this.file?.truncate() ?? Promise.resolve();
    await this.#truncated;
    if (this.#fault !== null) return;
    await new Promise((resolve) => this.stream.write(text, resolve));
  }

  /** @param now Unix seconds: the end of the recording, which a HAR contains. */
  async close(now: number): Promise<void> {
    if (this.#entries > 0) await this.#write(harTail(now));
    if (this.stream === this.cli.stdout || this.#fault !== null) return;
    await new Promise<void>((resolve) => this.stream.end(() => resolve()));
  }
}

function notEmpty(path: string, { size }: Stats): UserError {
  return new UserError(
    'usage',
    `${path}: the file is not empty (${size} bytes)`,
    'Name another file for --record, or add --force to overwrite it.',
  );
}

/** Counts what the mock reports while it runs. */
export class Arrivals {
  readonly findings = new Newest<Finding>({ maxCount: MAX_KEPT_FINDINGS });
  requests = 0;
  /** Requests that were answered 2xx. */
  delivered = 0;
  unmatched = 0;
  /** How many of the requests that did not reach the endpoint contained events. */
  eventsLost = 0;
  /** Why the first of these requests did not reach the endpoint: `PUT /api/consumption/events (another method: only POST is accepted here)`. */
  whyLost = '';
  #bug: unknown;

  constructor(readonly lines: RequestLines | null) {}

  /** Options with which the mock passes requests and findings to this object. */
  readonly listeners: Pick<MockOptions, 'onFinding' | 'onRequest' | 'onBug'> = {
    onFinding: (finding) => this.findings.add(finding),
    onRequest: (answered) => {
      const { unmatched, status, eventsLost, method, url } = answered.request;
      if (eventsLost && this.eventsLost++ === 0) this.whyLost = `${method} ${url} (${unmatched})`;
      if (unmatched === null) this.requests += 1;
      else this.unmatched += 1;
      if (unmatched === null && status !== null && status < 300) this.delivered += 1;
      this.lines?.write(answered);
    },
    onBug: (error) => {
      this.#bug ??= error;
    },
  };

  /** Whether any request came. */
  get any(): boolean {
    return this.requests + this.unmatched > 0;
  }

  throwBug(): void {
    if (this.#bug !== undefined) throw this.#bug;
  }
}

/**
 * Writes the report to the file of `--output`, or to standard output. If a command or `--record` writes to standard
 * output, writes the report to standard error.
 */
export async function writeReport(
  { summary, diagnoses, gated, sheet }: MockTotal & { readonly gated: Gated },
  { findings, unmatched }: Arrivals,
  command: readonly string[],
  flags: MockFlags,
  cli: Cli,
): Promise<void> {
  const toError = flags.output === undefined && (command.length > 0 || flags.record === '-');
  const stream = toError ? cli.stderr : cli.stdout;
  const colors = colorsFor(stream, flags.output === undefined ? flags.color : 'never', cli.env);
  const omitted = summary.errors + summary.warnings + summary.infos - findings.size;
  const found = { summary, findings: findings.items(), diagnoses, omitted };
  const columns = flags.output === undefined ? columnsOf(stream) : null;
  const text = findingsReport(found, { colors, columns, all: flags.verbose === true, gated });
  const look = { colors, columns, inputs: [], now: cli.now() };
  const whole = withSheet(withUnmatched(text, unmatched), sheet && prettySheet(sheet, look));
  await writeAll(await openOutput(flags.output, stream), forPeople(whole, flags.output, cli));
  if (sheet && flags.output !== undefined && !flags.quiet) cli.stderr.write(sheetVerdict(sheet));
}

/** The verdict on a sheet as one line, for when the sheet itself is not printed. */
export function sheetVerdict(sheet: MockSheet): string {
  return `${verdictOf(sheet).text}\n`;
}

async function* withSheet(
  report: AsyncIterable<string>,
  sheet: Iterable<string> | null,
): AsyncGenerator<string> {
  yield* report;
  if (!sheet) return;
  yield '\n';
  yield* sheet;
}

async function* withUnmatched(report: AsyncIterable<string>, unmatched: number): AsyncGenerator<string> {
  yield* report;
  if (unmatched > 0) yield `${pluralize(unmatched, 'request')} did not reach the endpoint\n`;
}
