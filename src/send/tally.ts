import { guidKey } from '../domain/guid.js';
import type { Batch } from '../write/batches.js';
import type { Attempt } from './attempt.js';
import type { Outcome, OutcomeKind } from './outcome.js';

/** Why sessions were left. `untried`: the run ended before their turn. */
export type LeftReason = Exclude<OutcomeKind, 'delivered'> | 'untried';

/** Sessions that were left for one reason. */
export interface Left {
  readonly reason: LeftReason;
  /** What was seen, or why there was no request. */
  readonly sentence: string;
  /** The first characters of the first such answer. */
  readonly excerpt: string;
  readonly sessions: number;
  readonly batches: number;
}

/** How far a delivery is. `taken` = `delivered` + `left` + those in flight. */
export interface Progress {
  readonly sessions: { readonly taken: number; readonly delivered: number; readonly left: number };
  readonly events: { readonly delivered: number };
  /** `sent`: requests that left this machine. */
  readonly requests: { readonly sent: number; readonly delivered: number; readonly retried: number };
  /** Of the bodies of the requests sent. */
  readonly bytesSent: number;
}

type Sized = Pick<Batch, 'organizationId' | 'sessions' | 'events' | 'body'>;

/** So many different answers are told apart; further ones of a reason count as one. */
const MOST_SENTENCES = 20;

/** Counts what becomes of each batch, so that every session taken is in exactly one place. */
export class Tally {
  #taken = 0;
  #delivered = 0;
  #eventsDelivered = 0;
  #sent = 0;
  #requestsDelivered = 0;
  #bytesSent = 0;
  #left = 0;
  readonly #reasons = new Map<string, Left>();
  readonly #disabled = new Map<string, string>();

  /** A batch was taken from the input. */
  take(batch: Sized): void {
    this.#taken += batch.sessions.length;
  }

  /** A request ended so; its batch is delivered or left. */
  settle(batch: Sized, attempt: Attempt, outcome: Outcome): void {
    if (attempt.kind === 'answered' || attempt.kind === 'no-answer') {
      this.#sent += 1;
      this.#bytesSent += batch.body.length;
    }
    if (outcome.kind === 'disabled') this.#disabled.set(guidKey(batch.organizationId), batch.organizationId);
    if (outcome.kind !== 'delivered') {
      this.leave(batch, outcome.kind, outcome.sentence, outcome.excerpt);
      return;
    }
    this.#requestsDelivered += 1;
    this.#delivered += batch.sessions.length;
    this.#eventsDelivered += batch.events;
  }

  /** A batch is left. */
  leave(batch: Sized, reason: LeftReason, sentence: string, excerpt = ''): void {
    this.#left += batch.sessions.length;
    const told = `${reason} ${sentence}`;
    const key = this.#reasons.has(told) || this.#reasons.size < MOST_SENTENCES ? told : reason;
    const before = this.#reasons.get(key);
    this.#reasons.set(key, {
      reason,
      sentence: before?.sentence ?? (key === told ? sentence : 'other answers'),
      excerpt: before?.excerpt ?? excerpt,
      sessions: (before?.sessions ?? 0) + batch.sessions.length,
      batches: (before?.batches ?? 0) + 1,
    });
  }

  isDisabled(organizationId: string): boolean {
    return this.#disabled.has(guidKey(organizationId));
  }

  /** The organizations that were answered `Enabled: false`, as written. */
  get disabled(): readonly string[] {
    return [...this.#disabled.values()];
  }

  /** The reasons in the order in which they came up. */
  get reasons(): readonly Left[] {
    return [...this.#reasons.values()];
  }

  /** What the answers said: null where none said anything, false where any said false. */
  get enabled(): boolean | null {
    if (this.#disabled.size > 0) return false;
    return this.#requestsDelivered > 0 ? true : null;
  }

  get progress(): Progress {
    return {
      sessions: { taken: this.#taken, delivered: this.#delivered, left: this.#left },
      events: { delivered: this.#eventsDelivered },
      requests: { sent: this.#sent, delivered: this.#requestsDelivered, retried: 0 },
      bytesSent: this.#bytesSent,
    };
  }
}
