import type { InputRecord } from '../domain/record.js';
import { TIMESTAMPS } from '../wire/event.js';
import type { JsonObject } from '../wire/json.js';

/** Changes an event as it was read; gives it back as it is where there is nothing to change. */
export type EventChange = (event: JsonObject) => JsonObject;

/** Seconds since 1970 that are no milliseconds and no time since a page was loaded, as the rule `timestamp-unit` has it. */
function isUnixTime(value: unknown): value is number {
  return typeof value === 'number' && value >= TIMESTAMPS.from && value < TIMESTAMPS.below;
}

/** The earliest Timestamp of an input, in unix seconds; null if it has none. */
export async function earliestTimestamp(
  chunks: AsyncIterable<readonly InputRecord[]>,
): Promise<number | null> {
  let earliest = Number.POSITIVE_INFINITY;
  for await (const records of chunks) {
    for (const record of records) {
      if (record.kind !== 'events' && record.kind !== 'request') continue;
      const { timestamps } = record.events;
      for (let i = record.from; i < record.to; i += 1) {
        const seconds = timestamps[i]!;
        if (seconds < earliest && isUnixTime(seconds)) earliest = seconds;
      }
    }
  }
  return earliest === Number.POSITIVE_INFINITY ? null : earliest;
}

/** Adds seconds to an event's Timestamp, to the millisecond. */
export function shiftedBy(seconds: number): EventChange {
  return (event) =>
    isUnixTime(event.Timestamp)
      ? { ...event, Timestamp: Math.round((event.Timestamp + seconds) * 1000) / 1000 }
      : event;
}
