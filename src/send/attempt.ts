import type { AnswerFault } from './answer.js';

/** A whole answer came. */
export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  /** What the body says of `Enabled` (API-6); null where it is no readable boolean. */
  readonly enabled: boolean | null;
  /** Why `enabled` is null. */
  readonly fault: AnswerFault | null;
  /** The Retry-After header as it came: seconds or a date. */
  readonly retryAfter: string | null;
  /** The Location header, fit for a terminal. */
  readonly location: string | null;
  /** The body's first characters, fit for a terminal. */
  readonly excerpt: string;
}

/** No connection was made: nothing left this machine. */
export interface NotConnected {
  readonly kind: 'not-connected';
  readonly code: string;
  readonly message: string;
}

/** The request left, in part at least, and no whole answer came. */
export interface NoAnswer {
  readonly kind: 'no-answer';
  readonly code: string;
  readonly message: string;
  /** The status, where the answer got so far. */
  readonly status: number | null;
}

/** TLS failed: a certificate or the protocol. */
export interface TlsFailure {
  readonly kind: 'tls';
  readonly code: string;
  readonly message: string;
}

/** A proxy let nothing through. */
export interface ProxyFailure {
  readonly kind: 'proxy';
  readonly status: number;
}

/** What became of one request on the wire: plain data, whatever happened. */
export type Attempt = Answered | NotConnected | NoAnswer | TlsFailure | ProxyFailure;
