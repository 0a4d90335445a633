import { count } from '../../domain/count.js';
import { escaped } from '../../domain/escaped.js';
import type { RuleId } from '../../domain/finding.js';
import type { ToldRequest } from '../../mock/options.js';
import type { ReportedFinding } from '../../validate/reported-finding.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { size } from '../words.js';
import type { MockFlags } from './command.js';

const SHOWN = 5;
const INDENT = ' '.repeat(9);
const PAINT = { error: 'red', warning: 'yellow', info: 'blue' } as const;

/** Tells each request as it arrives: what was answered, and what is wrong; a hint where a rule is met for the first time. */
export class RequestLines {
  readonly #hinted = new Set<RuleId>();
  readonly #colors;
  #heldBack = false;

  constructor(
    readonly flags: MockFlags,
    readonly cli: Cli,
  ) {
    this.#colors = colorsFor(cli.stderr, flags.color, cli.env);
  }

  tell({ request, ledger, findings, heldBack }: ToldRequest): void {
    const { method, url, status, fault, unmatched, sessions, bytes, receivedAt } = request;
    const time = new Date(receivedAt * 1000).toTimeString().slice(0, 8);
    const words = [method, status ?? 'no answer'];
    if (ledger !== null) words.push(`/t/${ledger}`);
    if (fault !== null) words.push(`(fault ${fault})`);
    const what =
      unmatched === null ? `${count(sessions.length, 'session')}, ${size(bytes)}` : `${url}: ${unmatched}`;
    const line = escaped(`${words.join(' ')}  ${what}`);
    const lines = [`${this.#colors.dim(time)} ${unmatched === null ? line : this.#colors.yellow(line)}`];
    const shown = findings.filter(({ severity }) => severity !== 'info' || this.flags.verbose);
    const first = this.flags.verbose ? shown : shown.slice(0, SHOWN);
    for (const finding of first) lines.push(...this.#findingLines(finding));
    if (shown.length > first.length) {
      lines.push(`${INDENT}… and ${count(shown.length - first.length, 'more finding')} (-v shows all)`);
    }
    if (heldBack && !this.#heldBack) {
      this.#heldBack = true;
      lines.push(
        `${INDENT}not passed on: it holds sessions that simulate made (--allow-simulated lets them through)`,
      );
    }
    this.cli.stderr.write(`${lines.join('\n')}\n`);
  }

  #findingLines({ rule, severity, message, hint, path, sessionId }: ReportedFinding): string[] {
    const colors = this.#colors;
    const about = [path || null, sessionId && `session ${sessionId}`].filter((part) => part !== null);
    const where = about.length === 0 ? '' : colors.dim(` (${escaped(about.join(', '))})`);
    const lines = [
      `${INDENT}${colors[PAINT[severity]](severity)} ${colors.bold(rule)}: ${escaped(message)}${where}`,
    ];
    if (!this.#hinted.has(rule)) lines.push(`${INDENT}  ${colors.cyan('hint:')} ${escaped(hint)}`);
    this.#hinted.add(rule);
    return lines;
  }
}
