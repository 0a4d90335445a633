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
}
