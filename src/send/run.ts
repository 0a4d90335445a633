import type { Batch } from '../write/batches.js';
import type { Post } from './client.js';
import type { Clock } from './clock.js';
import type { DeliveryEnd, SettledRequest } from './delivery.js';
import { Gate } from './gate.js';
import type { DeliveryLog } from './ledger/delivery-log.js';
import type { PolicySettings } from './policy.js';
import { type DeadLetters, Refusals } from './refusals.js';
import { RetryBudget } from './retry-budget.js';
import type { PendingSession } from './selection.js';
import { type Progress, Tally } from './tally.js';

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
export const UNTOLD = 'the run ended before their turn';

/** What all batches of a run share: its counts, its waits, and whether it goes on. */
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
    this.#began = options.clock.now();
  }

  /** Aborted once nothing more is to be begun. */
  get halted(): AbortSignal {
    return this.#halt.signal;
  }

  get end(): DeliveryEnd {
    return this.#end;
  }

  /** Whether the run was stopped since the endpoint refuses whatever comes: nothing is refused for itself then. */
  get refusesAll(): boolean {
    return this.#end.kind === 'stopped' && this.#end.why === 'refused';
  }

  get elapsedMs(): number {
    return this.options.clock.now() - this.#began;
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
  leave(batch: Pick<Batch<PendingSession>, 'sessions'>, sentence = UNTOLD, excerpt = ''): void {
    this.tally.leave(batch, sentence, excerpt);
  }

  told(request: SettledRequest): void {
    this.options.onRequest?.(request);
    this.progressed();
  }

  progressed(): void {
    this.options.onProgress?.(this.tally.progress);
  }
}
