import type { Place, TextPosition } from '../../src/domain/place.js';
import { type PlainEvents, readPlainId } from '../../src/domain/plain-events.js';
import type { InputRecord, Locate } from '../../src/domain/record.js';
import { SOURCES } from '../../src/wire/body.js';
import { isJsonObject } from '../../src/wire/shape.js';

/** What a reader found, whichever way it went. */
export interface Read {
  readonly kind: string;
  readonly value?: unknown;
  readonly place: Place;
  /** Where the events of a request stand. */
  readonly at?: readonly TextPosition[];
  readonly problem?: unknown;
  readonly rest?: unknown;
}

/** What a record holds, the events of a fast path told as the general one tells them. */
export function asRead(record: InputRecord): Read[] {
  if (record.kind === 'input') return [];
  if (record.kind === 'syntax') {
    const { kind, place, ...problem } = record;
    return [{ kind, place, problem }];
  }
  if (record.kind === 'plain-request') {
    const { place, source, events, from, to } = record;
    const places = Array.from({ length: to - from }, (_, k) => from + k);
    return [
      {
        kind: 'request',
        value: { Source: source, Events: places.map((i) => eventOf(events, i)), Completed: true },
        place,
        at: places.map((i) => ({ line: events.lines[i]!, column: events.columns[i]! })),
        rest: {},
      },
    ];
  }
  if (record.kind !== 'plain') {
    const { kind, value, place, locate, ...rest } = record;
    return [{ kind, value, place, ...(kind === 'request' && { at: eventPlaces(value, locate) }), rest }];
  }
  const { input, events, pointer, from, to } = record;
  return Array.from({ length: to - from }, (_, k) => {
    const i = from + k;
    return {
      kind: 'event',
      value: eventOf(events, i),
      place: { input, line: events.lines[i]!, column: events.columns[i]!, pointer, request: null },
      rest: {},
    };
  });
}

function eventOf(events: PlainEvents, i: number): object {
  const source = events.sources[i]!;
  return {
    OrganizationId: readPlainId(events, i, 'organization'),
    ClipId: readPlainId(events, i, 'clip'),
    SessionId: readPlainId(events, i, 'session'),
    Type: events.stops[i] === 1 ? 'Stop' : 'Start',
    Position: events.positions[i],
    SeqNumber: events.seqNumbers[i],
    Timestamp: events.timestamps[i],
    ...(source > 0 && { Source: SOURCES[source - 1] }),
  };
}

function eventPlaces(body: unknown, locate: Locate): readonly TextPosition[] {
  const events = isJsonObject(body) && Array.isArray(body.Events) ? body.Events : [];
  return events.map((_, i) => locate(`/Events/${i}`));
}

/** What is read, the events of a fast path told as the general one tells them; and how many those were. */
export async function readAll(
  records: AsyncIterable<readonly InputRecord[]>,
): Promise<{ read: Read[]; plain: number }> {
  const read: Read[] = [];
  let plain = 0;
  for await (const some of records) {
    for (const record of some) {
      read.push(...asRead(record));
      if (record.kind === 'plain' || record.kind === 'plain-request') plain += record.to - record.from;
    }
  }
  return { read, plain };
}
