import type { SingleBar } from 'cli-progress';
import type { SettledRequest } from '../../send/delivery.js';
import type { Progress as State } from '../../send/tally.js';
import type { Cli } from '../cli.js';
import { progressBar } from '../progress-bar.js';
import { count, grouped, size } from '../words.js';
import type { SendFlags } from './command.js';

const PLAIN_EVERY_MS = 5000;

/** How far a delivery is, on standard error: a bar on a terminal, elsewhere a plain line every few seconds. */
export class Progress {
  readonly #total: number;
  readonly #cli: Cli;
  readonly #requests: boolean;
  readonly #bar: SingleBar | null;
  readonly #timer: NodeJS.Timeout | null;
  #state: State | null = null;

  constructor(total: number, flags: SendFlags, cli: Cli) {
    this.#total = total;
    this.#cli = cli;
    this.#requests = flags.verbose === true;
    const shown = !flags.quiet && !this.#requests;
    this.#bar = shown && cli.stderr.isTTY && total > 0 ? progressBar(cli, 'sending', total) : null;
    this.#timer = shown && !this.#bar ? setInterval(() => this.#line(), PLAIN_EVERY_MS) : null;
  }

  update(state: State): void {
    this.#state = state;
    this.#bar?.update(state.sessions.delivered);
  }

  request({ batch, outcome, elapsedMs }: SettledRequest): void {
    if (!this.#requests) return;
    const what = `${count(batch.sessions.length, 'session')}, ${size(batch.body.length)}`;
    this.#cli.stderr.write(
      `${batch.organizationId} ${batch.source}: ${what}: ${outcome.sentence} (${Math.round(elapsedMs)} ms)\n`,
    );
  }

  end(): void {
    this.#bar?.stop();
    if (this.#timer) clearInterval(this.#timer);
  }

  #line(): void {
    const delivered = this.#state?.sessions.delivered ?? 0;
    this.#cli.stderr.write(`delivered ${grouped(delivered)} of ${count(this.#total, 'session')}\n`);
  }
}
