import type { OnAmbiguous } from '../policy.js';
import type { LedgerState } from './schema.js';

/** What ledgers say of a session that stands in the input. */
export interface Known {
  readonly state: LedgerState;
  /** Whether its events are those that the ledger knows. */
  readonly sameMark: boolean;
}

/** What becomes of a session before anything is sent. */
export type SessionDecision =
  | 'send'
  /** To be sent, though an earlier request may have been counted. */
  | 'resend'
  | 'already-delivered'
  /** Delivered before, with other events. */
  | 'changed'
  /** It may have been counted, and is not sent again. */
  | 'hold'
  /** Refused in an earlier run. */
  | 'refused';

export interface DecisionSettings {
  readonly onAmbiguous: OnAmbiguous;
  readonly retryRefused: boolean;
}

/** The ledger's table of `ledger.md`. @param known Null where no ledger knows the session. */
export function decideSession(
  known: Known | null,
  { onAmbiguous, retryRefused }: DecisionSettings,
): SessionDecision {
  switch (known?.state) {
    case undefined:
    case 'unsent':
      return 'send';
    case 'delivered':
      return known?.sameMark ? 'already-delivered' : 'changed';
    case 'in-flight':
    case 'ambiguous':
      return onAmbiguous === 'hold' ? 'hold' : 'resend';
    case 'refused':
      return known?.sameMark && !retryRefused ? 'refused' : 'send';
  }
}

/** Of what several ledgers say, what counts first. */
const STRENGTH: readonly LedgerState[] = ['delivered', 'in-flight', 'ambiguous', 'refused', 'unsent'];

/** Which of two states counts; under equal ones the first. */
export function strongerState(one: LedgerState, other: LedgerState): LedgerState {
  return STRENGTH.indexOf(other) < STRENGTH.indexOf(one) ? other : one;
}
