import { type Clock, pause } from '../domain/clock.js';
import type { Batch } from '../write/batches.js';
import type { Post } from './client.js';
import { type DeliveryEnd, type Progress, type SettledRequest, Tally } from './delivery.js';
import type { DeliveryLog, Outcome } from './outcome.js';
import { type PolicySettings, RetryBudget } from './policy.js';
import type { PendingSession } from './selection.js';

export interface RunOptions extends PolicySettings {
  readonly post: Post;
  /** Requests started per second; absent: as fast as the endpoint answers. */
  readonly rate?: number | undefined;
  /** The time limit of the whole run. Requests in flight at that time are finished. */
  readonly deadlineMs?: number | undefined;
  /** How many organizations the input has, if known: once all are disabled, the run ends. */
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

/** The reason given for a session that was never sent because the run ended first. */
export const NOT_REACHED = 'the run ended before their turn';

/** The state that all batches of a run share: its counts, its waits, and whether it continues. */
export class Run {
  readonly options: RunOptions;
  readonly tally = new Tally();
  readonly gate: Gate;
  readonly budget = new RetryBudget();
  readonly refusals: Refusals;
  /** Ambiguous requests without a delivery in between. */
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

  /** Whether the run stopped because the endpoint refuses everything. Then refusals are not final. */
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

  /** Stops the run: no new request starts. The first reason is kept, unless a later one is worse. */
  stop(why: DeliveryEnd): void {
    const worse = why.kind === 'broken' || (why.kind === 'unwritable' && this.#end.kind !== 'broken');
    if (this.#end.kind === 'finished' || worse) this.#end = why;
    this.#halt.abort();
  }

  /** Gives up a batch. */
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

/** A session that the endpoint does not accept. */
export interface Refusal {
  readonly session: PendingSession;
  readonly source: string;
  readonly outcome: Outcome;
  /** The status of the answer. */
  readonly status: number | null;
}

/** Writes refused sessions to the dead letters, where a user can fix them. Called before the ledger records them as refused. */
export type DeadLetters = (refusals: readonly Refusal[]) => Promise<void>;

/**
 * Refused sessions in a row. A later delivery, or the end of the run, shows that the endpoint refused these sessions and not
 * everything; only then are they written to the dead letters.
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

  /** Removes and returns the sessions in the row: the endpoint refuses everything, so their refusals are not final. */
  takeBack(): readonly Refusal[] {
    const row = this.#inRow;
    this.#inRow = [];
    return row;
  }

  /**
   * Ends the row: when the promise resolves, its sessions are in the dead letters and the ledger.
   * @param done Called with each of these sessions.
   * @param doubted Called with each session that could have been counted before it was refused: such a session stays ambiguous.
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

/** Decides when a request may start: not during a wait that delays all requests, and no faster than the rate. */
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

  /** Waits until a request may start; ends early if the signal is aborted. Returns undefined if it may start now. */
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

/**
 * Waits for the next start that the rate allows; ends early if the signal is aborted. Returns undefined if a request may start
 * now.
 */
type Turn = (signal: AbortSignal) => Promise<void> | undefined;

/** Timers fire late: starts that are late by up to this much are made up for, so that the average rate is right. */
const CATCH_UP_MS = 10;

/**
 * Spaces starts evenly at `rate` per second; without a rate, no start waits. After a pause, the missed starts are not made up
 * for in a burst.
 */
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

  /** Takes a slot: returns undefined if one was free, otherwise a promise that resolves when the slot is taken. */
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
