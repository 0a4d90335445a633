import type { Batch } from '../write/batches.js';
import type { Attempt } from './attempt.js';
import type { Outcome } from './outcome.js';
import type { StopReason, Verdict } from './policy.js';
import type { PendingSession } from './selection.js';
import type { Progress, Undelivered } from './tally.js';

/** Why a delivery ended. */
export type DeliveryEnd =
  /** Everything was taken, and nothing was left untried. */
  | { readonly kind: 'finished' }
  /** All organizations were answered `Enabled: false`. */
  | { readonly kind: 'disabled' }
  /** The failure policy. `waitMs`: what would have had to be waited. */
  | { readonly kind: 'stopped'; readonly why: StopReason; readonly outcome: Outcome; readonly waitMs: number }
  /** The time of the whole run was up. */
  | { readonly kind: 'deadline' }
  /** The ledger, or the dead letters, could not be written. */
  | { readonly kind: 'unwritable'; readonly error: Error }
  /** The signal. */
  | { readonly kind: 'interrupted' }
  /** The input, or this program, threw: to be thrown again once the counts are told. */
  | { readonly kind: 'broken'; readonly error: unknown };

/**
 * What a delivery came to. `taken` = `delivered` + `refused` + `ambiguous` + `left`: what the input held beyond that was never looked at.
 */
export interface Delivery extends Progress {
  /** What the answers said: null where none said anything, false where any organization was answered false. */
  readonly enabled: boolean | null;
  /** The organizations that were answered `Enabled: false`, as written. */
  readonly disabled: readonly string[];
  /** How many of the sessions taken had been in doubt before. */
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
  /** What follows. */
  readonly verdict: Verdict;
  /** From its start. */
  readonly elapsedMs: number;
}
