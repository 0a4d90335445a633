import type { Session } from '../domain/session.js';
import { isOtherUnit } from '../rules/event/timestamp-unit.js';
import { wireFields } from '../wire/fields.js';

/** Which sessions count, by the time of their last event, in unix seconds; both ends are let in. */
export interface Within {
  readonly since: number;
  /** Later ones are kept out: they may still be open. */
  readonly until: number;
}

/** Whether a session counts. One whose times are all unreadable does: nothing is known that would keep it out. */
export function isWithin(session: Session, within: Within | undefined): boolean {
  return within === undefined || holds(within, lastTimestamp(session));
}

/** Whether a session that ended then, in unix seconds, counts. */
export function holds({ since, until }: Within, last: number): boolean {
  return last === Number.NEGATIVE_INFINITY || (last >= since && last <= until);
}

function lastTimestamp({ events }: Session): number {
  return events.reduce((last, event) => {
    const time = event.sound ? event.sound.timestamp : wireFields(event).Timestamp;
    return typeof time === 'number' && !isOtherUnit(time) ? Math.max(last, time) : last;
  }, Number.NEGATIVE_INFINITY);
}
