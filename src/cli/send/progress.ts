import type { SingleBar } from 'cli-progress';
import { escaped, formatNumber, pluralize } from '../../domain/text.js';
import { systemClock } from '../../send/clock.js';
import type { SettledRequest } from '../../send/delivery.js';
import type { Verdict } from '../../send/policy.js';
import type { Progress as State } from '../../send/tally.js';
import type { Cli } from '../cli.js';
import { isVerbose } from '../options/option.js';
import { progressBar } from '../progress-bar.js';
import { formatBytes, formatDuration } from '../terminal.js';
import type { SendFlags } from './flags.js';

const PLAIN_EVERY_MS = 5000;

/** How far a delivery is, on standard error: a bar on a terminal, elsewhere a plain line every few seconds. */
export class Progress {
  #ended = false;
  readonly #total: number;
  readonly #cli: Cli;
  readonly #requests: boolean;
  readonly #bar: SingleBar | null;
  readonly #timer: NodeJS.Timeout | null;
  #state: State | null = null;
  readonly #host: string;
  readonly #quiet: boolean;
  /** Whether a failed request was told. */
  #failed = false;
  /** Whether the last request got through. */
  #through = false;
  readonly #began = systemClock.now();

  /** @param host Where requests go, name and port. */
  constructor(total: number, host: string, flags: SendFlags, cli: Cli) {
    this.#host = host;
    this.#quiet = flags.quiet === true;
    this.#total = total;
    this.#cli = cli;
    this.#requests = isVerbose(flags);
    const shown = !flags.quiet && !this.#requests;
    this.#bar = shown && cli.stderr.isTTY && total > 0 ? progressBar(cli, 'sending', total, '{left}') : null;
    this.#timer = shown && !this.#bar ? setInterval(() => this.#line(), PLAIN_EVERY_MS) : null;
  }

  update(state: State): void {
    this.#state = state;
    this.#bar?.update(state.sessions.delivered, { left: this.#left() });
  }

  request({ batch, outcome, verdict, result, elapsedMs }: SettledRequest): void {
    this.#through = outcome.kind === 'delivered';
    if (!this.#failed && !this.#quiet && !this.#requests && outcome.kind !== 'delivered') {
      this.#failed = true;
      this.#cli.stderr.write(
        `${this.#bar ? '\r\x1b[K' : ''}${failure(result, outcome, this.#host)}${afterFailure(verdict)}\n`,
      );
    }
    if (!this.#requests) return;
    const what = `${pluralize(batch.sessions.length, 'session')}, ${formatBytes(batch.bytes)}`;
    this.#cli.stderr.write(
      `${batch.organizationId} ${batch.source}: ${what}: ${outcome.sentence} (${Math.round(elapsedMs)} ms)${follows(verdict)}\n`,
    );
  }

  /** How long it may take still: nothing is guessed while nothing gets through. */
  #left(): string {
    const delivered = this.#state?.sessions.delivered ?? 0;
    if (!this.#through || delivered === 0) return '';
    const seconds = (systemClock.now() - this.#began) / 1000;
    return `  ${formatDuration(((this.#total - delivered) * seconds) / delivered)} left`;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#bar?.stop();
    if (this.#timer) clearInterval(this.#timer);
  }

  #line(): void {
    const delivered = this.#state?.sessions.delivered ?? 0;
    this.#cli.stderr.write(`delivered ${formatNumber(delivered)} of ${pluralize(this.#total, 'session')}\n`);
  }
}

/** What the first failed request met. */
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

/** What follows on a request, where it is not its end. */
function follows(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'wait':
      return `, again in ${formatDuration(verdict.ms / 1000)}`;
    case 'halve':
      return ', again in halves';
    case 'set-aside':
      return ', held';
    default:
      return '';
  }
}
