import { renameSync, writeFileSync } from 'node:fs';
import { diskReason, UserError } from '../../domain/errors.js';
import { escaped, formatDuration, formatNumber, pluralize } from '../../domain/text.js';
import type { SettledRequest, Progress as State } from '../../send/delivery.js';
import type { Verdict } from '../../send/policy.js';
import type { Cli } from '../cli.js';
import { isVerbose } from '../options/option.js';
import { ProgressLine, secondsLeft } from '../progress-line.js';
import { formatBytes } from '../terminal.js';
import type { SendFlags } from './flags.js';
import type { Result } from './result.js';

const PLAIN_EVERY_MS = 5000;

/** The progress of a delivery on standard error: a bar on a terminal, elsewhere a line every few seconds. */
export class Progress {
  #ended = false;
  readonly #total: number;
  readonly #cli: Cli;
  readonly #requests: boolean;
  readonly #bar: ProgressLine | null;
  readonly #timer: NodeJS.Timeout | null;
  #state: State | null = null;
  readonly #host: string;
  readonly #quiet: boolean;
  /** Whether a failed request was reported. */
  #failed = false;
  /** Whether the last request succeeded. */
  #lastSucceeded = false;

  /** @param host The host that receives the requests, with its port. */
  constructor(total: number, host: string, flags: SendFlags, cli: Cli) {
    this.#host = host;
    this.#quiet = flags.quiet === true;
    this.#total = total;
    this.#cli = cli;
    this.#requests = isVerbose(flags);
    const shown = !flags.quiet && !this.#requests;
    this.#bar = shown && cli.stderr.isTTY && total > 0 ? new ProgressLine(cli.stderr) : null;
    this.#timer = shown && !this.#bar ? setInterval(() => this.#line(), PLAIN_EVERY_MS) : null;
  }

  update(state: State): void {
    this.#state = state;
    const { delivered, refused, ambiguous, left } = state.sessions;
    // There is no estimate while requests fail.
    const settled = this.#lastSucceeded ? delivered + refused + ambiguous + left : null;
    this.#bar?.showShare('sending', delivered, this.#total, settled);
  }

  request({ batch, outcome, verdict, result, elapsedMs }: SettledRequest): void {
    this.#lastSucceeded = outcome.kind === 'delivered';
    if (!this.#failed && !this.#quiet && !this.#requests && outcome.kind !== 'delivered') {
      this.#failed = true;
      this.#bar?.clear();
      this.#cli.stderr.write(`${failure(result, outcome, this.#host)}${afterFailure(verdict)}\n`);
    }
    if (!this.#requests) return;
    const what = `${pluralize(batch.sessions.length, 'session')}, ${formatBytes(batch.bytes)}`;
    this.#cli.stderr.write(
      `${batch.organizationId} ${batch.source}: ${what}: ${outcome.sentence} (${Math.round(elapsedMs)} ms)${afterRequest(verdict)}\n`,
    );
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#bar?.clear();
    if (this.#timer) clearInterval(this.#timer);
  }

  #line(): void {
    const delivered = this.#state?.sessions.delivered ?? 0;
    this.#cli.stderr.write(`delivered ${formatNumber(delivered)} of ${pluralize(this.#total, 'session')}\n`);
  }
}

/** Why a request failed. */
function failure(
  result: SettledRequest['result'],
  { sentence }: SettledRequest['outcome'],
  host: string,
): string {
  if (result.kind === 'not-connected') return `no connection to ${host}: ${result.code}`;
  return `${host}: ${escaped(sentence)}`;
}

function afterFailure(verdict: Verdict): string {
  return verdict.kind === 'wait'
    ? `; trying again in ${formatDuration(verdict.ms / 1000)}; Ctrl-C stops`
    : '';
}

/** What happens next with the sessions of a failed request. */
function afterRequest(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'wait':
      return `, trying again in ${formatDuration(verdict.ms / 1000)}`;
    case 'halve':
      return ', trying again in two smaller requests';
    case 'set-aside':
      return ', held';
    default:
      return '';
  }
}

const EVERY_MS = 5000;

export interface StatusSettings {
  readonly path: string;
  readonly endpoint: string;
  readonly ledger: string | null;
  /** The number of sessions to send. */
  readonly planned: number;
  /** Unix seconds. */
  readonly now: () => number;
}

/**
 * The progress of a run as a JSON file for dashboards. It is replaced as a whole every few seconds, and at the end.
 */
export class StatusFile {
  readonly #settings: StatusSettings;
  readonly #began: number;
  readonly #timer: NodeJS.Timeout;
  #progress: State | null = null;
  #lastError: string | null = null;

  /** @throws UserError of kind `output` when it cannot be written */
  constructor(settings: StatusSettings) {
    this.#settings = settings;
    this.#began = settings.now();
    this.#write(null);
    this.#timer = setInterval(() => this.#tryWrite(null), EVERY_MS);
    this.#timer.unref();
  }

  update(progress: State): void {
    this.#progress = progress;
  }

  request({ outcome }: Pick<SettledRequest, 'outcome'>): void {
    if (outcome.kind !== 'delivered') this.#lastError = outcome.sentence;
  }

  /** Writes the final state. An error here is ignored. */
  end(result: Result | null): void {
    clearInterval(this.#timer);
    this.#tryWrite(result);
  }

  #tryWrite(result: Result | null): void {
    try {
      this.#write(result);
    } catch {}
  }

  #write(result: Result | null): void {
    const { path } = this.#settings;
    const draft = `${path}.${process.pid}.part`;
    try {
      writeFileSync(draft, `${JSON.stringify(this.#content(result))}\n`);
      renameSync(draft, path);
    } catch (error) {
      throw new UserError('output', `${path}: the status cannot be written: ${diskReason(error)}`);
    }
  }

  #content(result: Result | null): object {
    const { endpoint, ledger, planned, now } = this.#settings;
    const { sessions, requests } = this.#progress ?? NOTHING;
    const seconds = now() - this.#began;
    const settled = sessions.delivered + sessions.refused + sessions.ambiguous + sessions.left;
    const rate = seconds > 0 ? sessions.delivered / seconds : 0;
    const left = secondsLeft({ done: settled, total: planned, seconds });
    return {
      version: 1,
      pid: process.pid,
      endpoint,
      ledger,
      began: iso(this.#began),
      at: iso(now()),
      ended: result !== null,
      exitCode: result?.exitCode ?? null,
      sessions: result?.sessions ?? { planned, ...sessions },
      requests,
      sessionsPerSecond: Math.round(rate * 100) / 100,
      expectedEnd: result === null && rate > 0 && left !== null ? iso(now() + left) : null,
      lastError: this.#lastError,
    };
  }
}

const NOTHING: Pick<State, 'sessions' | 'requests'> = {
  sessions: { taken: 0, delivered: 0, left: 0, ambiguous: 0, refused: 0 },
  requests: { sent: 0, delivered: 0, retried: 0 },
};

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
