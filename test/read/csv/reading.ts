import { readFile } from 'node:fs/promises';
import type { EventOptions } from '../../../src/read/records.js';
import type { TableOptions } from '../../../src/read/table-options.js';
import { readCsv } from '../../../src/table/csv/csv.js';
import { type Read, type ReadEvent, type ReadSyntax, readRecords } from '../as-read.js';

export type Options = Omit<Partial<TableOptions> & EventOptions, 'map'> & {
  readonly map?: Readonly<Record<string, string>>;
};

/** The bytes in pieces of a size. */
export async function* pieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What is read of bytes, as a file named `plays.csv`. */
export function readBytes(bytes: AsyncIterable<Uint8Array>, options: Options = {}): Promise<Read[]> {
  const { map = {}, ...rest } = options;
  const input = { index: 0, name: 'plays.csv' };
  return readRecords(readCsv(bytes, input, { map: new Map(Object.entries(map)), ...rest }));
}

export function readText(text: string, options: Options = {}): Promise<Read[]> {
  return readBytes(pieces(Buffer.from(text)), options);
}

/** What is read of a file in `fixtures/csv`. */
export async function readFixture(name: string, options: Options = {}): Promise<Read[]> {
  const bytes = await readFile(new URL(`../../../fixtures/csv/${name}`, import.meta.url));
  return readBytes(pieces(bytes), options);
}

export function eventsOf(read: readonly Read[]): ReadEvent[] {
  return read.filter((each) => each.kind === 'event');
}

export function syntaxOf(read: readonly Read[]): ReadSyntax[] {
  return read.filter((each) => each.kind === 'syntax');
}

/** What was read as short lines: events by place, type, position and time, faults by place and message. */
export function told(read: readonly Read[]): string[] {
  return read.map((each) => {
    const at = `${each.place.line}:${each.place.column}`;
    if (each.kind === 'syntax') return `${at} Expected ${each.expected}, received ${each.received}`;
    const { Type, Position, SeqNumber, Timestamp } = each.value as Record<string, unknown>;
    return `${at} ${[Type, Position, SeqNumber, Timestamp].join(' ')}`;
  });
}
