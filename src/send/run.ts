import { type Clock, pause } from '../domain/clock.js';
import type { Batch } from '../write/batches.js';
import type { Post } from './client.js';
import { type DeliveryEnd, type Progress, type SettledRequest, Tally } from './delivery.js';
import type { DeliveryLog, Outcome } from './outcome.js';
import { type PolicySettings, RetryBudget } from './policy.js';
import type { PendingSession } from './selection.js';

export interface RunOptions extends PolicySettings {
  readonly post: Post;
  /** Starts a second; absent: as fast as the endpoint answers. */
  readonly rate?: number | undefined;
  /** For the whole run; in flight is what has not been settled by then, and is settled. */
  readonly deadlineMs?: number | undefined;
  /** How many organizations the input has, where known: once all are disabled, no more is read. */
  readonly organizations?: number | undefined;
  readonly clock: Clock;
  /** Unix seconds, for a Retry-After that is a date. */
  readonly now: () => number;
  /** From 0 to below 1: the jitter of waits. */
  readonly random: () => number;
  readonly log: DeliveryLog;
  readonly deadLetters: DeadLetters;
  readonly onRequest?: ((request: SettledRequest) => void) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Why a session was left whose turn never came. */
export const NOT_REACHED = 'the run ended before their turn';

/** The state that all batches of a run share: its counts, its waits, and whether it continues. */
export class Run {
  readonly options: RunOptions;
  readonly tally = new Tally();
  readonly gate: Gate;
  readonly budget = new RetryBudget();
  readonly refusals: Refusals;
  /** Ambiguous requests with nothing delivered between. */
  ambiguousInRow = 0;
  readonly #began: number;
  readonly #halt = new AbortController();
  #end: DeliveryEnd = { kind: 'finished' };

  constructor(options: RunOptions) {
    this.options = options;
    this.gate = new Gate(options.rate, options.clock);
    this.refusals = new Refusals(options.deadLetters, options.log);
    this.#began = options.clock.nowMs();
  }

  /** Aborted once nothing more may start. */
  get halted(): AbortSignal {
    return this.#halt.signal;
  }

  get end(): DeliveryEnd {
    return this.#end;
  }

  /** Whether the run stopped because the endpoint refuses everything: refusals are not final then. */
  get refusesAll(): boolean {
    return this.#end.kind === 'stopped' && this.#end.why === 'refused';
  }

  get elapsedMs(): number {
    return this.options.clock.nowMs() - this.#began;
  }

  /** Milliseconds until the deadline. */
  get leftMs(): number {
    return (this.options.deadlineMs ?? Number.POSITIVE_INFINITY) - this.elapsedMs;
  }

  /** Takes no new work from now on. The first reason stays, unless a worse one comes. */
  stop(why: DeliveryEnd): void {
    const worse = why.kind === 'broken' || (why.kind === 'unwritable' && this.#end.kind !== 'broken');
    if (this.#end.kind === 'finished' || worse) this.#end = why;
    this.#halt.abort();
  }

  /** Gives a batch up. */
  leave(batch: Pick<Batch<PendingSession>, 'sessions'>, sentence = NOT_REACHED, excerpt = ''): void {
    this.tally.leave(batch, sentence, excerpt);
  }

  requestSettled(request: SettledRequest): void {
    this.options.onRequest?.(request);
    this.progressed();
  }

  progressed(): void {
    this.options.onProgress?.(this.tally.progress);
  }
}

/** A session that the endpoint does not take. */
export interface Refusal {
  readonly session: PendingSession;
  readonly source: string;
  readonly outcome: Outcome;
  /** The answer's. */
  readonly status: number | null;
}

/** Writes refused sessions where they can be fixed, before the ledger says that they are there. */
export type DeadLetters = (refusals: readonly Refusal[]) => Promise<void>;

/**
 * Refused sessions in a row. Only when something is delivered after them, or the run ends, is it sure that they were refused for
 * themselves; then they go to the dead letters.
 */
class Refusals {
  readonly #deadLetters: DeadLetters;
  readonly #log: DeliveryLog;
  #inRow: Refusal[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(deadLetters: DeadLetters, log: DeliveryLog) {
    this.#deadLetters = deadLetters;
    this.#log = log;
  }

  get inRow(): number {
    return this.#inRow.length;
  }

  add(refusal: Refusal): void {
    this.#inRow.push(refusal);
  }

  /** Takes those in the row back: they were not refused for themselves. */
  takeBack(): readonly Refusal[] {
    const row = this.#inRow;
    this.#inRow = [];
    return row;
  }

  /**
   * Ends the row: when this resolves, its sessions are in the dead letters and the ledger.
   * @param done Called with each of them.
   * @param doubted Called with each that could have been counted before it was refused: it stays ambiguous.
   */
  async settle(done: (refusal: Refusal) => void, doubted: (refusal: Refusal) => void): Promise<void> {
    const all = this.takeBack();
    const row = all.filter(({ session }) => !session.doubtful);
    for (const refusal of all) if (refusal.session.doubtful) doubted(refusal);
    if (row.length === 0) return;
    const writing = this.#writing.then(() => this.#write(row, done));
    this.#writing = writing.catch(() => {});
    await writing;
  }

  async #write(row: readonly Refusal[], done: (refusal: Refusal) => void): Promise<void> {
    let written = 0;
    try {
      await this.#deadLetters(row);
      for (const refusal of row) {
        const { session, outcome, status } = refusal;
        await this.#log.refused(session, status, outcome.sentence, outcome.excerpt);
        written += 1;
        done(refusal);
      }
    } catch (error) {
      this.#inRow.push(...row.slice(written));
      throw error;
    }
  }
}

/** Decides when a request may start: not while a wait holds all of them back, and no faster than the rate. */
export class Gate {
  readonly #clock: Clock;
  readonly #turn: Turn;
  #until = 0;

  constructor(rate: number | undefined, clock: Clock) {
    this.#clock = clock;
    this.#turn = pacer(rate, clock);
  }

  /** Delays all starts for this long from now. */
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

/** A semaphore with a fixed number of slots. */
export class Slots {
  readonly #capacity: number;
  #free: number;
  #waiting: (() => void)[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#free = capacity;
  }

  /** Takes a slot: undefined if one is free, else a promise to wait for. */
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
