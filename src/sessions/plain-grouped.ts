import { type PlainEvents, readPlainId } from '../domain/plain-events.js';
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
  const organizationId = readPlainId(events, i, 'organization');
  const clipId = readPlainId(events, i, 'clip');
  const sessionId = readPlainId(events, i, 'session');
  const seqNumber = events.seqNumbers[i]!;
  const source = events.sources[i]!;
  return {
    event: {
      place: { input, line: events.lines[i]!, column: events.columns[i]!, pointer, request: null },
      organizationId,
      clipId,
      sessionId,
      seqNumber,
      source: source === 0 ? undefined : SOURCES[source - 1],
      sound: {
        organizationId,
        clipId,
        sessionId,
        type: events.stops[i]! === 1 ? 'Stop' : 'Start',
        position: events.positions[i]!,
        seqNumber,
        timestamp: events.timestamps[i]!,
      },
      written: undefined,
    },
    unnumbered: false,
    clipDuration: undefined,
    invalid: false,
  };
}
