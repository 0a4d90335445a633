import fc from 'fast-check';
import { EventBatch } from '../../src/domain/event-batch.js';
import type { Input } from '../../src/domain/place.js';
import type { EventsRecord } from '../../src/domain/record.js';
import type { Session } from '../../src/domain/session.js';
import { addEvent, eventValue } from '../../src/wire/event-columns.js';

/** An event as a reader gives it: its JSON value, and how it came. */
export interface ReadEvent {
  readonly value: Record<string, unknown>;
  readonly input: Input;
  readonly pointers: boolean;
  readonly line: number;
  readonly column: number;
  readonly element: number;
  readonly unnumbered: boolean;
  readonly duration: number | undefined;
}

const INPUTS: readonly Input[] = [
  { index: 0, name: 'a.ndjson' },
  { index: 1, name: 'b.csv' },
];

const ids = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom('lower', 'upper', 'both'))
  .map(([n, written]) => {
    const id = `abcdef0${n}-abcd-4000-8000-00000000000${n}`;
    if (written === 'lower') return id;
    return written === 'upper' ? id.toUpperCase() : id.replace('a', 'A');
  });

/** Events of few sessions, most of them well formed. */
export const readEvent: fc.Arbitrary<ReadEvent> = fc
  .record({
    session: ids,
    clip: fc.oneof({ weight: 5, arbitrary: ids }, fc.constant('no id')),
    organization: ids,
    type: fc.constantFrom('Start', 'Stop', 'Stop', 'start'),
    position: fc.oneof(fc.double({ min: 0, max: 1e5, noNaN: true }), fc.integer(), fc.constant('4.5')),
    seqNumber: fc.oneof(
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(0.5, -3, 2 ** 32, 2 ** 32 + 1, 1e300),
    ),
    timestamp: fc.oneof(fc.integer({ min: 1e9, max: 2e9 }), fc.constantFrom(1.5e9 + 0.25, 5e9, 1e12, -1)),
    source: fc.constantFrom(undefined, 'Custom', 'Web', 'of another kind', 7),
    more: fc.constantFrom({}, {}, { Rate: 1 }),
    input: fc.constantFrom(...INPUTS),
    pointers: fc.boolean(),
    line: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    column: fc.constantFrom(1, 1, 1, 17, 70_000),
    element: fc.constantFrom(-1, -1, 0, 12),
    unnumbered: fc.boolean(),
    duration: fc.constantFrom(undefined, undefined, 300, 0.1),
  })
  .map(({ session, clip, organization, type, position, seqNumber, timestamp, source, more, ...rest }) => ({
    ...rest,
    value: {
      OrganizationId: organization,
      ClipId: clip,
      SessionId: session,
      Type: type,
      Position: position,
      ...(rest.unnumbered ? {} : { SeqNumber: seqNumber }),
      Timestamp: timestamp,
      ...(source !== undefined && { Source: source }),
      ...more,
    },
  }));

/** The record of a reader that read one event. */
export function recordOf({ value, input, pointers, ...event }: ReadEvent): EventsRecord {
  const events = new EventBatch(1);
  const i = addEvent(events, value, { bare: true, unnumbered: event.unnumbered });
  events.lines[i] = event.line;
  events.columns[i] = event.column;
  events.elements[i] = event.element;
  if (event.duration !== undefined) events.setDuration(i, event.duration);
  return { kind: 'events', input, pointers, events, from: 0, to: 1 };
}

/** What a session says of its events, as plain data. */
export function told(session: Session): unknown {
  return {
    key: session.key,
    clipDuration: session.clipDuration,
    events: Array.from({ length: session.count }, (_, i) => ({
      value: withoutSource(session.isRaw(i) ? session.raw(i).value : eventValue(session, i)),
      ids: [session.idOf(i, 'session'), session.idOf(i, 'clip'), session.idOf(i, 'organization')],
      source: session.sourceOf(i),
      position: session.positions[i],
      timestamp: session.timestamps[i],
      seqNumber: session.seqNumberOf(i),
      place: session.placeOf(i),
    })),
  };
}

/** An event's JSON value without its Source, which columns hold apart. */
export function withoutSource(value: unknown): unknown {
  const { Source: _, ...rest } = value as Record<string, unknown>;
  return rest;
}
