import { guidKey } from '../domain/guid.js';
import type { Batch } from '../write/batches.js';
import type { Attempt } from './answer.js';
import type { Outcome } from './outcome.js';
import type { StopReason, Verdict } from './policy.js';
import type { PendingSession } from './selection.js';

/** Why a delivery ended. */
export type DeliveryEnd =
  /** The whole input was read, and every session was tried. */
  | { readonly kind: 'finished' }
  /** All organizations were answered `Enabled: false`. */
  | { readonly kind: 'disabled' }
  /** The failure policy stopped the run. `waitMs`: how long it would have had to wait. */
  | { readonly kind: 'stopped'; readonly why: StopReason; readonly outcome: Outcome; readonly waitMs: number }
  /** The deadline of the run passed. */
  | { readonly kind: 'deadline' }
  /** The ledger, or the dead letters, could not be written. */
  | { readonly kind: 'unwritable'; readonly error: Error }
  /** The signal was aborted. */
  | { readonly kind: 'interrupted' }
  /** The input, or this program, threw an error: throw it again after the counts are reported. */
  | { readonly kind: 'broken'; readonly error: unknown };

/**
 * The result of a delivery. `taken` = `delivered` + `refused` + `ambiguous` + `left`; the rest of the input was never
 * read.
 */
export interface Delivery extends Progress {
  /** What the responses said: null if none said anything, false if any organization got false. */
  readonly enabled: boolean | null;
  /** The organizations that were answered `Enabled: false`, as written in the input. */
  readonly disabled: readonly string[];
  /** How many of the sessions taken could already have been counted before this run. */
  readonly takenInDoubt: number;
  readonly undelivered: readonly Undelivered[];
  readonly end: DeliveryEnd;
  readonly seconds: number;
}

/** One request that has ended. */
export interface SettledRequest {
  readonly batch: Batch<PendingSession>;
  /** Which try it was, from 1. */
  readonly attempt: number;
  readonly result: Attempt;
  readonly outcome: Outcome;
  /** What the policy decided to do next. */
  readonly verdict: Verdict;
  /** From the start of the request. */
  readonly elapsedMs: number;
}

/** The state of a session that was not delivered. `left`: it was certainly not counted. */
export type UndeliveredState = 'left' | 'ambiguous' | 'refused';

/** Sessions that were not delivered for one reason. */
export interface Undelivered {
  readonly state: UndeliveredState;
  /** What was received, or why no request was sent. */
  readonly sentence: string;
  /** The first characters of the first answer with this sentence. */
  readonly excerpt: string;
  readonly sessions: number;
}

/** The progress of a delivery. `taken` = the sum of the other counts in `sessions` + the sessions in flight. */
export interface Progress {
  readonly sessions: { readonly taken: number; readonly delivered: number } & Readonly<
    Record<UndeliveredState, number>
  >;
  readonly events: { readonly delivered: number };
  /** `sent`: requests that left this machine; `retried`: those of them that repeated an earlier request. */
  readonly requests: { readonly sent: number; readonly delivered: number; readonly retried: number };
  /** The total size of the request bodies sent. */
  readonly bytesSent: number;
}

type Sized = Pick<Batch<PendingSession>, 'organizationId' | 'sessions' | 'events' | 'bytes'>;

/** At most this many different reasons are counted separately; all further ones with the same state share one entry. */
const MAX_SENTENCES = 20;

/** Counts the result of each session, so that every session taken is counted exactly once. */
export class Tally {
  readonly #sessions = { taken: 0, delivered: 0, left: 0, ambiguous: 0, refused: 0 };
  readonly #requests = { sent: 0, delivered: 0, retried: 0 };
  #eventsDelivered = 0;
  #bytesSent = 0;
  #takenInDoubt = 0;
  readonly #undelivered = new Map<string, Undelivered>();
  readonly #disabled = new Map<string, string>();

  /** A batch was taken from the input. */
  take({ sessions }: Sized): void {
    this.#sessions.taken += sessions.length;
    this.#takenInDoubt += sessions.filter(({ doubtful }) => doubtful).length;
  }

  /** A request ended. */
  request({ bytes, organizationId }: Sized, result: Attempt, outcome: Outcome, retried: boolean): void {
    if (result.kind === 'answered' || result.kind === 'no-answer') {
      this.#requests.sent += 1;
      this.#bytesSent += bytes;
      if (retried) this.#requests.retried += 1;
    }
    if (outcome.kind === 'delivered') this.#requests.delivered += 1;
    if (outcome.kind === 'disabled') this.#disabled.set(guidKey(organizationId), organizationId);
  }

  /** A batch is delivered. */
  deliver({ sessions, events }: Sized): void {
    this.#sessions.delivered += sessions.length;
    this.#eventsDelivered += events;
  }

  /** A batch is given up: its sessions that could have been counted are ambiguous, the others are left. */
  leave({ sessions }: Pick<Sized, 'sessions'>, sentence: string, excerpt = ''): void {
    const doubtful = sessions.filter((session) => session.doubtful).length;
    this.#add('ambiguous', doubtful, sentence, excerpt);
    this.#add('left', sessions.length - doubtful, sentence, excerpt);
  }

  /** A session is refused for good. */
  refuse(sentence: string, excerpt: string): void {
    this.#add('refused', 1, sentence, excerpt);
  }

  #add(state: UndeliveredState, sessions: number, sentence: string, excerpt: string): void {
    if (sessions === 0) return;
    this.#sessions[state] += sessions;
    const reason = `${state} ${sentence}`;
    const key = this.#undelivered.has(reason) || this.#undelivered.size < MAX_SENTENCES ? reason : state;
    const before = this.#undelivered.get(key);
    this.#undelivered.set(key, {
      state,
      sentence: before?.sentence ?? (key === reason ? sentence : 'other answers'),
      excerpt: before?.excerpt ?? excerpt,
      sessions: (before?.sessions ?? 0) + sessions,
    });
  }

  isDisabled(organizationId: string): boolean {
    return this.#disabled.has(guidKey(organizationId));
  }

  /** The organizations that were answered `Enabled: false`, as written in the input. */
  get disabled(): readonly string[] {
    return [...this.#disabled.values()];
  }

  /** The reasons in the order in which they came up. */
  get undelivered(): readonly Undelivered[] {
    return [...this.#undelivered.values()];
  }

  /** How many of the sessions taken could already have been counted before this run. */
  get takenInDoubt(): number {
    return this.#takenInDoubt;
  }

  /** What the responses said: null if none said anything, false if any said false. */
  get enabled(): boolean | null {
    if (this.#disabled.size > 0) return false;
    return this.#requests.delivered > 0 ? true : null;
  }

  get progress(): Progress {
    return {
      sessions: { ...this.#sessions },
      events: { delivered: this.#eventsDelivered },
      requests: { ...this.#requests },
      bytesSent: this.#bytesSent,
    };
  }
}
