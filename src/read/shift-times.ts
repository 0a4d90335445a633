import type { InputRecord } from '../domain/record.js';
import { changeEvents, type EventChange } from './change-events.js';

/** Seconds since 1970 that are no milliseconds and no time since a page was loaded, as the rule `timestamp-unit` has it. */
function isUnixTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 1e9 && value < 1e11;
}

/** The earliest Timestamp of an input, in unix seconds; null where it has none. */
export async function earliestTimestamp(
  chunks: AsyncIterable<readonly InputRecord[]>,
): Promise<number | null> {
  let earliest = Number.POSITIVE_INFINITY;
  const look: EventChange = (event) => {
    if (isUnixTime(event.Timestamp)) earliest = Math.min(earliest, event.Timestamp);
    return event;
  };
  for await (const _ of changeEvents(chunks, look));
  return earliest === Number.POSITIVE_INFINITY ? null : earliest;
}

/** Moves an event's Timestamp by so many seconds, to the millisecond. */
export function shiftedBy(seconds: number): EventChange {
  return (event) =>
    isUnixTime(event.Timestamp)
      ? { ...event, Timestamp: Math.round((event.Timestamp + seconds) * 1000) / 1000 }
      : event;
}
