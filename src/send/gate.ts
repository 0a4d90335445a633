import { type Clock, pause } from './clock.js';
import { pacer, type Turn } from './pace.js';

/** Decides when a request may start: not while a wait holds all of them back, and no faster than the rate. */
export class Gate {
  readonly #clock: Clock;
  readonly #turn: Turn;
  #until = 0;

  constructor(rate: number | undefined, clock: Clock) {
    this.#clock = clock;
    this.#turn = pacer(rate, clock);
  }

  /** Holds all starts back for so long from now. */
  hold(ms: number): void {
    if (ms > 0) this.#until = Math.max(this.#until, this.#clock.now() + ms);
  }

  /** Waits for a start; ends early where the signal is aborted. Undefined: it may be now. */
  pass(signal: AbortSignal): Promise<void> | undefined {
    if (this.#until > 0) return this.#pass(signal);
    const turn = this.#turn(signal);
    return turn && this.#passAfter(turn, signal);
  }

  async #pass(signal: AbortSignal): Promise<void> {
    do {
      await this.#held(signal);
      await this.#turn(signal);
    } while (!signal.aborted && this.#clock.now() < this.#until);
  }

  async #passAfter(turn: Promise<void>, signal: AbortSignal): Promise<void> {
    await turn;
    if (!signal.aborted && this.#clock.now() < this.#until) await this.#pass(signal);
  }

  async #held(signal: AbortSignal): Promise<void> {
    for (let wait = this.#until - this.#clock.now(); wait > 0; wait = this.#until - this.#clock.now()) {
      if (signal.aborted) return;
      await pause(this.#clock, wait, signal);
    }
  }
}
