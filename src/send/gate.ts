import { type Clock, pause } from '../domain/clock.js';

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
    if (ms > 0) this.#until = Math.max(this.#until, this.#clock.nowMs() + ms);
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
    } while (!signal.aborted && this.#clock.nowMs() < this.#until);
  }

  async #passAfter(turn: Promise<void>, signal: AbortSignal): Promise<void> {
    await turn;
    if (!signal.aborted && this.#clock.nowMs() < this.#until) await this.#pass(signal);
  }

  async #held(signal: AbortSignal): Promise<void> {
    for (let wait = this.#until - this.#clock.nowMs(); wait > 0; wait = this.#until - this.#clock.nowMs()) {
      if (signal.aborted) return;
      await pause(this.#clock, wait, signal);
    }
  }
}

/** Waits for the next start that the rate allows; ends early where the signal is aborted. Undefined: it may be now. */
type Turn = (signal: AbortSignal) => Promise<void> | undefined;

/** A timer fires late: starts that are behind by up to this are caught up with, so that the rate is kept. */
const CATCH_UP_MS = 10;

/** Spaces starts evenly at `rate` a second; without a rate no start waits. What was missed in a lull is not made up for in a burst. */
export function pacer(rate: number | undefined, clock: Clock): Turn {
  if (rate === undefined || rate === Number.POSITIVE_INFINITY) return () => undefined;
  const interval = 1000 / rate;
  let due: number | null = null;
  return (signal) => {
    const now = clock.nowMs();
    due = due === null ? now : Math.max(due + interval, now - CATCH_UP_MS);
    const wait = due - now;
    return wait > 0 ? pause(clock, wait, signal) : undefined;
  };
}

/** Room for so many things at once. */
export class Slots {
  readonly #capacity: number;
  #free: number;
  #waiting: (() => void)[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#free = capacity;
  }

  /** Takes a slot: undefined where one is free, else what is to be waited for. */
  take(): Promise<void> | undefined {
    if (this.#free === 0) return this.#wait();
    this.#free -= 1;
    return undefined;
  }

  give(): void {
    this.#free += 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Waits until all slots are free. */
  async idle(): Promise<void> {
    while (this.#free < this.#capacity) await this.#change();
  }

  async #wait(): Promise<void> {
    while (this.#free === 0) await this.#change();
    this.#free -= 1;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
