import type { Endpoint } from './endpoint.js';
import type { OutcomeKind } from './outcome.js';

/** What to do with sessions that may have been counted: `resend` (delivers at least once) or `hold` (at most once). */
export const ON_AMBIGUOUS = ['resend', 'hold'] as const;
export type OnAmbiguous = (typeof ON_AMBIGUOUS)[number];

export interface PolicySettings {
  /** How often a request is tried again. */
  readonly retries: number;
  readonly onAmbiguous: OnAmbiguous;
  /** The run stops after this many refused sessions in a row. */
  readonly maxRefused: number;
}

/** The result of one attempt, with what the policy needs to know about earlier ones. */
export interface Result {
  readonly outcome: OutcomeKind;
  /** The wait that Retry-After asks for; null if it asks for no wait. */
  readonly retryAfterMs: number | null;
  /** How many sessions the request carried. */
  readonly sessions: number;
  /** Which try it was, from 1. */
  readonly attempt: number;
  /** Ambiguous requests of the run without a delivery in between, including this one. */
  readonly ambiguousInRow: number;
  /** Refused sessions of the run without a delivery in between, including this one. */
  readonly refusedInRow: number;
  /** How many retries the run has left (`RetryBudget`). */
  readonly budget: number;
  /** Milliseconds until `--deadline`; infinite without one. */
  readonly leftMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}

export type StopReason = 'rejected' | 'retries' | 'long-wait' | 'deadline' | 'ambiguous' | 'refused';

/** What to do next. `holdMs`: for this long no request of any batch may start. */
export type Verdict =
  | { readonly kind: 'done' }
  /** Try the batch again after this time. */
  | { readonly kind: 'wait'; readonly ms: number; readonly holdMs: number }
  /** Send its two halves. */
  | { readonly kind: 'halve' }
  /** The session is refused: write it to the dead letters. */
  | { readonly kind: 'refuse' }
  /** Set the batch aside as ambiguous and continue with others. */
  | { readonly kind: 'set-aside'; readonly holdMs: number }
  /** Send nothing more for this organization. */
  | { readonly kind: 'disable' }
  /** End the run. */
  | { readonly kind: 'stop'; readonly why: StopReason; readonly waitMs: number };

const BASE_MS = 500;
const CAP_MS = 60_000;
const LONGEST_WAIT_MS = 300_000;
const MAX_IN_DOUBT = 3;

/** The failure policy: decides what to do after an attempt. Only decides; the caller acts. */
export function decide(result: Result, settings: PolicySettings): Verdict {
  switch (result.outcome) {
    case 'delivered':
      return { kind: 'done' };
    case 'disabled':
      return { kind: 'disable' };
    case 'stop':
      return stop('rejected');
    case 'refused':
      if (result.sessions > 1) return { kind: 'halve' };
      return result.refusedInRow >= settings.maxRefused ? stop('refused') : { kind: 'refuse' };
    case 'not-sent':
      return again(result, settings);
    case 'ambiguous':
      return settings.onAmbiguous === 'resend' ? again(result, settings) : setAside(result);
  }
}

function again(
  { attempt, retryAfterMs, random, budget, leftMs }: Result,
  { retries }: PolicySettings,
): Verdict {
  if (attempt > retries) return stop('retries');
  const backoff = Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
  const spent = budget < 1;
  const ms = Math.max(retryAfterMs ?? 0, spent ? backoff : random * backoff);
  if (ms > LONGEST_WAIT_MS) return stop('long-wait', ms);
  if (ms >= leftMs) return stop('deadline', ms);
  return { kind: 'wait', ms, holdMs: spent ? ms : (retryAfterMs ?? 0) };
}

function setAside({ ambiguousInRow, retryAfterMs, leftMs }: Result): Verdict {
  const holdMs = retryAfterMs ?? 0;
  if (ambiguousInRow >= MAX_IN_DOUBT) return stop('ambiguous');
  if (holdMs > LONGEST_WAIT_MS) return stop('long-wait', holdMs);
  if (holdMs >= leftMs) return stop('deadline', holdMs);
  return { kind: 'set-aside', holdMs };
}

function stop(why: StopReason, waitMs = 0): Verdict {
  return { kind: 'stop', why, waitMs };
}

const DEFAULT_RATE = 10;

/** The default rate in requests per second: 10 for another host, no limit (undefined) on this machine. */
export function defaultRate({ loopback }: Endpoint): number | undefined {
  return loopback ? undefined : DEFAULT_RATE;
}

/** The default for sessions that could have been counted: resend only on this machine. */
export function defaultOnAmbiguous({ loopback }: Endpoint): OnAmbiguous {
  return loopback ? 'resend' : 'hold';
}

const MAX_TOKENS = 200;
const PER_DELIVERY = 0.5;

/**
 * The number of retries that a whole run has left. Each retry costs one, and each delivered request gives half of one back.
 * When none is left, every retry delays all requests for its whole wait, so that an endpoint that is down receives one request
 * at a time.
 */
export class RetryBudget {
  #left = MAX_TOKENS;

  get left(): number {
    return this.#left;
  }

  retried(): void {
    this.#left = Math.max(0, this.#left - 1);
  }

  delivered(): void {
    this.#left = Math.min(MAX_TOKENS, this.#left + PER_DELIVERY);
  }
}
