import type { Endpoint } from './endpoint.js';
import type { OutcomeKind } from './outcome.js';

/** What to do with what may have been counted: `resend` (at least once) or `hold` (at most once). */
export const ON_AMBIGUOUS = ['resend', 'hold'] as const;
export type OnAmbiguous = (typeof ON_AMBIGUOUS)[number];

export interface PolicySettings {
  /** How often a request is tried again. */
  readonly retries: number;
  readonly onAmbiguous: OnAmbiguous;
  /** Refused sessions in a row after which the run stops. */
  readonly maxRefused: number;
}

/** One attempt's result, with what was before it in its batch and in the run. */
export interface Result {
  readonly outcome: OutcomeKind;
  /** What Retry-After asks for; null where it asks for nothing. */
  readonly retryAfterMs: number | null;
  /** How many sessions the request carried. */
  readonly sessions: number;
  /** Which try it was, from 1. */
  readonly attempt: number;
  /** Ambiguous requests of the run in a row, this one counted, with nothing delivered between. */
  readonly ambiguousInRow: number;
  /** Refused sessions of the run in a row, this one counted, with nothing delivered between. */
  readonly refusedInRow: number;
  /** What is left of the run's retries (`RetryBudget`). */
  readonly budget: number;
  /** Milliseconds until `--deadline`; infinite without one. */
  readonly leftMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}

export type StopReason = 'way' | 'retries' | 'long-wait' | 'deadline' | 'doubt' | 'refused';

/** What to do next. `holdMs`: for this long no request of any batch may start. */
export type Verdict =
  | { readonly kind: 'done' }
  /** Try the batch again after this time. */
  | { readonly kind: 'wait'; readonly ms: number; readonly holdMs: number }
  /** Send its two halves. */
  | { readonly kind: 'halve' }
  /** The session is refused: to the dead letters. */
  | { readonly kind: 'refuse' }
  /** Set the batch aside as ambiguous and continue with others. */
  | { readonly kind: 'set-aside'; readonly holdMs: number }
  /** Nothing more for its organization. */
  | { readonly kind: 'disable' }
  /** End the run. */
  | { readonly kind: 'stop'; readonly why: StopReason; readonly waitMs: number };

const BASE_MS = 500;
const CAP_MS = 60_000;
const LONGEST_WAIT_MS = 300_000;
const MAX_IN_DOUBT = 3;

/** The failure policy: what follows from an attempt's result. Decides, and does nothing. */
export function decide(result: Result, settings: PolicySettings): Verdict {
  switch (result.outcome) {
    case 'delivered':
      return { kind: 'done' };
    case 'disabled':
      return { kind: 'disable' };
    case 'stop':
      return stop('way');
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
  if (ambiguousInRow >= MAX_IN_DOUBT) return stop('doubt');
  if (holdMs > LONGEST_WAIT_MS) return stop('long-wait', holdMs);
  if (holdMs >= leftMs) return stop('deadline', holdMs);
  return { kind: 'set-aside', holdMs };
}

function stop(why: StopReason, waitMs = 0): Verdict {
  return { kind: 'stop', why, waitMs };
}

const POLITE_RATE = 10;

/** The default rate in requests per second: 10 for another host, no limit (undefined) on this machine. */
export function politeRate({ loopback }: Endpoint): number | undefined {
  return loopback ? undefined : POLITE_RATE;
}

/** The default for what could have been counted: resend on this machine only. */
export function cautiousOnAmbiguous({ loopback }: Endpoint): OnAmbiguous {
  return loopback ? 'resend' : 'hold';
}

const MAX_TOKENS = 200;
const PER_DELIVERY = 0.5;

/**
 * How many retries a whole run has in hand: each costs one, each delivered request earns half of one back. Once it is spent, a retry holds
 * all requests back for its whole wait, so that an endpoint that is down is asked by one request at a time.
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
