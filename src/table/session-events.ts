import { NO_ELEMENT } from '../domain/event-batch.js';
import type { TextPosition } from '../domain/place.js';
import { ownCopy } from '../read/text.js';
import { eventsOf, type TableInterval } from './intervals.js';
import type { Table } from './table.js';

/** An interval of a session, with what its row says of the session. */
export interface PlacedInterval {
  readonly interval: TableInterval;
  readonly organization: string;
  readonly clip: string;
  readonly sessionId: string;
  readonly source: string | undefined;
  /** Where the row begins. */
  readonly start: TextPosition;
  /** Where the row has a property of its events (`/Position`). */
  readonly locate: (pointer: string) => TextPosition;
}

/** Adds the events of a session, Start and Stop of each interval in order. @param clipDurationMs As rows say it. */
export function addSessionEvents(
  { records, input, options }: Table,
  intervals: readonly PlacedInterval[],
  clipDurationMs: number | undefined,
): void {
  const clipDuration = clipDurationMs === undefined ? undefined : clipDurationMs / 1000;
  const made = eventsOf(intervals.map(({ interval }) => interval));
  made.forEach((event, index) => {
    const { interval, start, locate, ...row } = intervals[index >> 1]!;
    const value = {
      ...idProperty('OrganizationId', row.organization),
      ...idProperty('ClipId', row.clip),
      ...idProperty('SessionId', row.sessionId),
      Type: event.type,
      Position: event.positionMs / 1000,
      SeqNumber: index + 1,
      Timestamp: event.timestamp,
      ...(row.source !== undefined && { Source: ownCopy(row.source) }),
    };
    const derivedClock = interval.derivedClock && event.type === 'Stop';
    records.addEvent(value, start, { locate }, NO_ELEMENT, { clipDuration, derivedClock });
  });
  const [first] = intervals;
  if (first)
    options.onSession?.({
      file: input.name,
      line: first.start.line,
      sessionId: first.sessionId,
      events: made,
    });
}

function idProperty(name: string, id: string): Readonly<Record<string, string>> {
  return id === '' ? {} : { [name]: ownCopy(id) };
}
