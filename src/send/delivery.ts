import type { Batch } from '../write/batches.js';
import type { WritableSession } from '../write/writable.js';
import type { Attempt } from './attempt.js';
import type { Outcome } from './outcome.js';
import type { Left, Progress } from './tally.js';

/** Why a delivery ended. */
export type DeliveryEnd =
  /** Everything was taken, and nothing was left untried. */
  | { readonly kind: 'finished' }
  /** All organizations were answered `Enabled: false`. */
  | { readonly kind: 'disabled' }
  /** An answer about the way: nothing else would get through. */
  | { readonly kind: 'stopped'; readonly outcome: Outcome }
  /** Failures in a row, and nothing delivered between: the endpoint is not hammered. The last one. */
  | { readonly kind: 'failing'; readonly outcome: Outcome }
  /** The signal. */
  | { readonly kind: 'interrupted' }
  /** The input, or this program, threw: to be thrown again once the counts are told. */
  | { readonly kind: 'broken'; readonly error: unknown };

/** What a delivery came to. `taken` = `delivered` + `left`: what the input held beyond that was never looked at. */
export interface Delivery extends Progress {
  /** What the answers said: null where none said anything, false where any organization was answered false. */
  readonly enabled: boolean | null;
  /** The organizations that were answered `Enabled: false`, as written. */
  readonly disabled: readonly string[];
  readonly left: readonly Left[];
  readonly end: DeliveryEnd;
  readonly seconds: number;
}

/** One request that has ended. */
export interface SettledRequest<S extends WritableSession = WritableSession> {
  readonly batch: Batch<S>;
  readonly attempt: Attempt;
  readonly outcome: Outcome;
  /** From its start. */
  readonly elapsedMs: number;
}
