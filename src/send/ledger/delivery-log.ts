import type { OutcomeKind } from '../outcome.js';

/** A session on its way, as the ledger writes it down. */
export interface LoggedSession {
  /** Its SessionId as sent, in lower case. */
  readonly key: string;
  readonly mark: Uint8Array;
  /** An earlier request with it, or this one, may have been counted. */
  readonly doubtful: boolean;
  /** Milliseconds that `--shift-to now` moved its times by; null where it did not. */
  readonly shift: number | null;
}

/** `halved`: refused, and tried again in halves. `stopped`: it never left, since the run was stopped first. */
export type SettledOutcome = OutcomeKind | 'halved' | 'stopped';

/** What came of a request. */
export interface Settled {
  readonly outcome: SettledOutcome;
  readonly status: number | null;
  readonly saw: string;
  /** The answer's first characters. */
  readonly answer: string;
}

/** Where a delivery writes down what it does. What it throws or rejects with ends the delivery. */
export interface DeliveryLog {
  /** Gives the request's number when it may leave. */
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
