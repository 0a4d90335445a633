import { isOtherUnit } from '../rules/event/timestamp-unit.js';

/** Which sessions count, by the time of their last event, in unix seconds; both ends are let in. */
export interface Within {
  readonly since: number;
  /** Later ones are kept out: they may still be open. */
  readonly until: number;
}

/**
 * Whether a session counts. One whose times are all unreadable does: nothing is known that would keep it out.
 * @param timestamps The times of its events, among others; `eventAt(n)` says where the n-th stands.
 */
export function isWithin(
  within: Within | undefined,
  timestamps: Float64Array,
  count: number,
  eventAt: (n: number) => number = (n) => n,
): boolean {
  if (within === undefined) return true;
  let last = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < count; n += 1) {
    const timestamp = timestamps[eventAt(n)]!;
    if (!isOtherUnit(timestamp)) last = Math.max(last, timestamp);
  }
  return last === Number.NEGATIVE_INFINITY || (last >= within.since && last <= within.until);
}
