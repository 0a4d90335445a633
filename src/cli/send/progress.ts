import type { SingleBar } from 'cli-progress';
import { formatNumber, pluralize } from '../../domain/text.js';
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

  constructor(total: number, flags: SendFlags, cli: Cli) {
    this.#total = total;
    this.#cli = cli;
    this.#requests = isVerbose(flags);
    const shown = !flags.quiet && !this.#requests;
    this.#bar = shown && cli.stderr.isTTY && total > 0 ? progressBar(cli, 'sending', total) : null;
    this.#timer = shown && !this.#bar ? setInterval(() => this.#line(), PLAIN_EVERY_MS) : null;
  }

  update(state: State): void {
    this.#state = state;
    this.#bar?.update(state.sessions.delivered);
  }

  request({ batch, outcome, verdict, elapsedMs }: SettledRequest): void {
    if (!this.#requests) return;
    const what = `${pluralize(batch.sessions.length, 'session')}, ${formatBytes(batch.bytes)}`;
    this.#cli.stderr.write(
      `${batch.organizationId} ${batch.source}: ${what}: ${outcome.sentence} (${Math.round(elapsedMs)} ms)${follows(verdict)}\n`,
    );
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
