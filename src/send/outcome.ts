import { STATUS_CODES } from 'node:http';
import type { Answered, AnswerFault, Attempt } from './answer.js';

/** What an attempt means for its batch, and for the run. */
export type OutcomeKind =
  /** A 2xx whose JSON has `Enabled: true`. */
  | 'delivered'
  /** A 2xx whose JSON has `Enabled: false`: nothing more is sent for this organization (API-6). */
  | 'disabled'
  /** It was certainly not counted, and may be sent again. */
  | 'not-sent'
  /** It may have been counted. */
  | 'ambiguous'
  /** The endpoint does not accept this data. */
  | 'refused'
  /** The fault is in the request or the connection, not in the data: other sessions would fail too. */
  | 'stop';

export interface Outcome {
  readonly kind: OutcomeKind;
  /** What was received, as a phrase that can follow a colon. */
  readonly sentence: string;
  /** The response's first characters; can be empty. */
  readonly excerpt: string;
}

const NOT_SENT = new Set([408, 425, 429, 503]);
const REFUSED = new Set([400, 413, 422]);

/** Decides what an attempt means. No other code does. */
export function classify(attempt: Attempt): Outcome {
  switch (attempt.kind) {
    case 'answered':
      return { kind: kindOf(attempt), sentence: answerSentence(attempt), excerpt: attempt.excerpt };
    case 'not-connected':
      return { kind: 'not-sent', sentence: `no connection was made (${reason(attempt)})`, excerpt: '' };
    case 'no-answer': {
      const after = attempt.status === null ? '' : ` after the status ${attempt.status}`;
      const sentence = `the request was sent, but no complete response arrived${after} (${reason(attempt)})`;
      return { kind: 'ambiguous', sentence, excerpt: '' };
    }
    case 'proxy': {
      const name = STATUS_CODES[attempt.status] ?? '';
      const sentence = `the proxy answered ${`${attempt.status} ${name}`.trim()}, and nothing was sent`;
      return { kind: attempt.status < 500 ? 'stop' : 'not-sent', sentence, excerpt: '' };
    }
    case 'tls':
      return { kind: 'stop', sentence: `the TLS connection failed (${reason(attempt)})`, excerpt: '' };
  }
}

function kindOf({ status, enabled }: Answered): OutcomeKind {
  if (status >= 200 && status < 300) {
    if (enabled === null) return 'ambiguous';
    return enabled ? 'delivered' : 'disabled';
  }
  if (NOT_SENT.has(status)) return 'not-sent';
  if (REFUSED.has(status)) return 'refused';
  return status < 500 ? 'stop' : 'ambiguous';
}

function answerSentence({ status, enabled, fault, retryAfter, location }: Answered): string {
  const name = STATUS_CODES[status];
  const seen = name === undefined ? `${status}` : `${status} ${name}`;
  if (status >= 200 && status < 300) {
    if (fault === null) return `${seen} with "Enabled": ${enabled}`;
    return `${seen}, but ${FAULT_SEEN[fault.kind](fault.detail)}${LIKELY_CAUSE[fault.kind] ?? ''}`;
  }
  if (status >= 300 && status < 400) {
    return location === null
      ? `${seen}, a redirect without a target`
      : `${seen}, a redirect to ${location}, which is not followed`;
  }
  const page = fault?.kind === 'html' ? ` with ${FAULT_SEEN.html(fault.detail)}` : '';
  return retryAfter === null ? `${seen}${page}` : `${seen}${page}, Retry-After ${retryAfter}`;
}

const FAULT_SEEN: Readonly<Record<AnswerFault['kind'], (detail: string) => string>> = {
  encoded: (encoding) => `the answer is ${encoding}-encoded, which was not asked for`,
  'too-large': () => 'the answer is too large to come from the endpoint',
  empty: () => 'the answer is empty',
  html: (title) => (title === '' ? 'an HTML page' : `an HTML page, “${title}”`),
  'not-json': () => 'the answer is not JSON',
  'no-enabled': () => 'the answer has no "Enabled"',
  'not-boolean': (type) => `"Enabled" is ${type === 'null' ? 'null' : `a JSON ${type}`}, not true or false`,
};

const LIKELY_CAUSE: Readonly<Partial<Record<AnswerFault['kind'], string>>> = {
  html: ' instead of the endpoint’s JSON: a firewall or a captive portal answered',
};

const CODE_MEANS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  TIMEOUT: 'the time limit was reached',
  UND_ERR_CONNECT_TIMEOUT: 'the time limit was reached',
};

function reason({ code, message }: { readonly code: string; readonly message: string }): string {
  const means = CODE_MEANS[code] ?? message;
  return means === '' || means === code ? code : `${code}: ${means}`;
}

/** A session of a request, as the ledger records it. */
export interface LoggedSession {
  /** Its SessionId as sent, in lower case. */
  readonly key: string;
  readonly mark: Uint8Array;
  /** Whether a request with this session, this one or an earlier one, may have been counted. */
  readonly doubtful: boolean;
  /** Milliseconds by which `--shift-to now` moved its times; null if it did not. */
  readonly shift: number | null;
}

/** `halved`: refused, and sent again as two halves. `stopped`: not sent, because the run stopped first. */
export type SettledOutcome = OutcomeKind | 'halved' | 'stopped';

/** The result of a request. */
export interface Settled {
  readonly outcome: SettledOutcome;
  readonly status: number | null;
  readonly saw: string;
  /** The answer's first characters. */
  readonly answer: string;
}

/** Records what a delivery does. An error from it ends the delivery. */
export interface DeliveryLog {
  /**
   * Records a request before it is sent. Returns its number, or a promise of it; the request may be sent once the number is
   * known.
   */
  sending(request: {
    readonly organization: string;
    readonly sessions: readonly LoggedSession[];
  }): number | Promise<number>;
  settled(request: number, settled: Settled): void | Promise<void>;
  /** A session was refused for good, and is in the dead letters. */
  refused(session: LoggedSession, status: number | null, saw: string, answer: string): void | Promise<void>;
}

/** A delivery without a ledger. */
export const NO_LOG: DeliveryLog = {
  sending: () => 0,
  settled: () => {},
  refused: () => {},
};
