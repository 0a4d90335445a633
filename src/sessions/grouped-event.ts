import type { Finding } from '../domain/finding.js';
import type { SessionEvent } from '../domain/session.js';

/** A bare event on its way to its session. */
export interface GroupedEvent {
  readonly event: SessionEvent;
  /** Has no SeqNumber of its own: numbered by Timestamp, then in the order of arrival. */
  readonly unnumbered: boolean;
  /** Seconds, where a row told it. */
  readonly clipDuration: number | undefined;
  /** Has a finding of severity error. */
  readonly invalid: boolean;
  /** What was found in it, where that is not to be told before its session is whole. */
  readonly findings?: readonly Finding[] | undefined;
}
