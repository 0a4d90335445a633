import {
  EVENT_FLAG,
  type EventBatch,
  ID_WORDS,
  type IdName,
  SOURCES,
  UPPER_FLAG,
  WORDS_PER_EVENT,
} from '../../src/domain/event-batch.js';
import { readGuid } from '../../src/domain/guid.js';
import type { Place, TextPosition } from '../../src/domain/place.js';
import type { Exchange, InputRecord } from '../../src/domain/record.js';
import { pointerOf } from '../../src/domain/session.js';
import { EVENT_FIELDS } from '../../src/wire/event.js';

/** Where the values behind pointers stand. */
export type Positions = Readonly<Record<string, TextPosition>>;

/** An event as it stands in its columns. */
export interface ReadEvent {
  readonly kind: 'event';
  readonly value: unknown;
  readonly place: Place;
  readonly at: Positions;
  readonly columns: {
    readonly ids: readonly number[];
    readonly flags: number;
    readonly numbers: readonly number[];
    readonly source: number;
    readonly element: number;
  };
  readonly unnumbered: boolean;
  readonly clipDuration: number | undefined;
  readonly original: unknown;
}

export interface ReadRequest {
  readonly kind: 'request';
  /** The body with its events. */
  readonly value: unknown;
  readonly place: Place;
  readonly at: Positions;
  readonly events: readonly ReadEvent[];
  readonly exchange?: Exchange;
}

export interface ReadSyntax {
  readonly kind: 'syntax';
  readonly place: Place;
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/** What a reader found, which stays. */
export type Read = ReadEvent | ReadRequest | ReadSyntax;

const BELOW_EVENT = ['', ...EVENT_FIELDS.map((name) => `/${name}`), '/Source', '/none'];
const BELOW_BODY = ['', '/Source', '/Events', '/Completed', '/Events/0', '/Events/1/Type', '/none'];

/** What a record holds, its events one by one. */
export function asRead(record: InputRecord, pointers: readonly string[] = []): Read[] {
  if (
    record.kind === 'input' ||
    record.kind === 'table' ||
    record.kind === 'resent-row' ||
    record.kind === 'unmapped'
  )
    return [];
  if (record.kind === 'syntax') return [record];
  const { events } = record;
  if (record.kind === 'events') {
    const { input, pointers: has } = record;
    return numbers(record.from, record.to).map((i) => {
      const pointer = has ? pointerOf(events.elements[i]!) : null;
      return readEvent(events, i, { input, ...startOf(events, i), pointer, request: null });
    });
  }
  const { kind, body, place, locate, from, to, exchange } = record;
  const inside = numbers(from, to).map((i) => {
    const pointer = `${place.pointer}/Events/${events.elements[i]}`;
    return readEvent(events, i, { ...place, ...startOf(events, i), pointer });
  });
  const value = isBody(body) ? { ...body, Events: inside.map((event) => event.value) } : body;
  const at = positions([...BELOW_BODY, ...pointers], locate);
  return [{ kind, value, place, at, events: inside, ...(exchange && { exchange }) }];
}

function isBody(body: unknown): body is { readonly Events: readonly unknown[] } {
  return Array.isArray((body as { readonly Events?: unknown } | null)?.Events);
}

function readEvent(events: EventBatch, i: number, place: Place): ReadEvent {
  const flags = events.flags[i]!;
  const duration = events.durations?.[i] ?? Number.NaN;
  return {
    kind: 'event',
    value: jsonOf(events, i),
    place,
    at: positions(BELOW_EVENT, (pointer) => events.locator!.locate(i, pointer)),
    columns: {
      ids: [...events.ids.subarray(i * WORDS_PER_EVENT, (i + 1) * WORDS_PER_EVENT)],
      flags,
      numbers: [events.positions[i]!, events.seqNumbers[i]!, events.timestamps[i]!],
      source: events.sources[i]!,
      element: events.elements[i]!,
    },
    unnumbered: (flags & EVENT_FLAG.unnumbered) !== 0,
    clipDuration: Number.isNaN(duration) ? undefined : duration,
    original: events.raws.get(i)?.original,
  };
}

function jsonOf(events: EventBatch, i: number): unknown {
  const flags = events.flags[i]!;
  if ((flags & EVENT_FLAG.raw) !== 0) return events.raws.get(i)!.value;
  const idOf = (name: IdName): string => {
    const id = readGuid(events.ids, i * WORDS_PER_EVENT + ID_WORDS[name]);
    return (flags & UPPER_FLAG[name]) === 0 ? id : id.toUpperCase();
  };
  const source = events.sources[i]!;
  return {
    OrganizationId: idOf('organization'),
    ClipId: idOf('clip'),
    SessionId: idOf('session'),
    Type: (flags & EVENT_FLAG.stop) === 0 ? 'Start' : 'Stop',
    Position: events.positions[i],
    ...((flags & EVENT_FLAG.unnumbered) === 0 && { SeqNumber: events.seqNumbers[i] }),
    Timestamp: events.timestamps[i],
    ...(source > 0 && { Source: SOURCES[source - 1] }),
  };
}

function startOf(events: EventBatch, i: number): TextPosition {
  const column = events.columns[i]!;
  return column > 0 ? { line: events.lines[i]!, column } : events.locator!.locate(i, '');
}

function positions(pointers: readonly string[], locate: (pointer: string) => TextPosition): Positions {
  return Object.fromEntries(pointers.map((pointer) => [pointer, locate(pointer)]));
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, k) => from + k);
}

/** What records hold, chunk after chunk. */
export async function readRecords(
  chunks: AsyncIterable<readonly InputRecord[]>,
  pointers: readonly string[] = [],
): Promise<Read[]> {
  const read: Read[] = [];
  for await (const records of chunks) {
    for (const record of records) for (const each of asRead(record, pointers)) read.push(each);
  }
  return read;
}
