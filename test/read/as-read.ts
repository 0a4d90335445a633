import type { Place } from '../../src/domain/place.js';
import { readPlainId } from '../../src/domain/plain-events.js';
import type { InputRecord } from '../../src/domain/record.js';
import { SOURCES } from '../../src/wire/body.js';

/** What a reader found, whichever way it went. */
export interface Read {
  readonly kind: string;
  readonly value?: unknown;
  readonly place: Place;
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
  if (record.kind !== 'plain') {
    const { kind, value, place, locate: _, ...rest } = record;
    return [{ kind, value, place, rest }];
  }
  const { input, events, pointer, from, to } = record;
  return Array.from({ length: to - from }, (_, k) => {
    const i = from + k;
    const source = events.sources[i]!;
    return {
      kind: 'event',
      value: {
        OrganizationId: readPlainId(events, i, 'organization'),
        ClipId: readPlainId(events, i, 'clip'),
        SessionId: readPlainId(events, i, 'session'),
        Type: events.stops[i] === 1 ? 'Stop' : 'Start',
        Position: events.positions[i],
        SeqNumber: events.seqNumbers[i],
        Timestamp: events.timestamps[i],
        ...(source > 0 && { Source: SOURCES[source - 1] }),
      },
      place: { input, line: events.lines[i]!, column: events.columns[i]!, pointer, request: null },
      rest: {},
    };
  });
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
      if (record.kind === 'plain') plain += record.to - record.from;
    }
  }
  return { read, plain };
}
