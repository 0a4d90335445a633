import { type PlainEvents, readPlainEvent, readPlainId } from '../domain/plain-events.js';
import type { PlainEventsRecord } from '../domain/record.js';
import { SOURCES } from '../wire/body.js';
import type { GroupedEvent } from './grouped-event.js';

/** Where sound events were read. */
export type PlainOrigin = Pick<PlainEventsRecord, 'input' | 'pointer'>;

/** Event `i` of those a reader found sound, as what it is on the general path. */
export function plainlyGrouped(
  { input, pointer }: PlainOrigin,
  events: PlainEvents,
  i: number,
): GroupedEvent {
  const ids = {
    organizationId: readPlainId(events, i, 'organization'),
    clipId: readPlainId(events, i, 'clip'),
    sessionId: readPlainId(events, i, 'session'),
  };
  const source = events.sources[i]!;
  return {
    event: {
      place: { input, line: events.lines[i]!, column: events.columns[i]!, pointer, request: null },
      ...ids,
      seqNumber: events.seqNumbers[i]!,
      source: source === 0 ? undefined : SOURCES[source - 1],
      sound: readPlainEvent(events, i, ids),
      written: undefined,
    },
    unnumbered: false,
    clipDuration: undefined,
    invalid: false,
  };
}
