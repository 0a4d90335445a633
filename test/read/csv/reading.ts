import { readFile } from 'node:fs/promises';
import type { EventRecord, InputRecord, SyntaxRecord } from '../../../src/domain/record.js';
import { type CsvOptions, readCsv } from '../../../src/read/csv/csv.js';

export type Options = Omit<Partial<CsvOptions>, 'map'> & { readonly map?: Readonly<Record<string, string>> };

/** The bytes in pieces of a size. */
export async function* pieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** All records of bytes, as a file named `plays.csv`. */
export async function readBytes(
  bytes: AsyncIterable<Uint8Array>,
  options: Options = {},
): Promise<InputRecord[]> {
  const { map = {}, ...rest } = options;
  const records: InputRecord[] = [];
  const input = { index: 0, name: 'plays.csv' };
  for await (const chunk of readCsv(bytes, input, { map: new Map(Object.entries(map)), ...rest })) {
    records.push(...chunk);
  }
  return records;
}

export function readText(text: string, options: Options = {}): Promise<InputRecord[]> {
  return readBytes(pieces(Buffer.from(text)), options);
}

/** All records of a file in `fixtures/csv`. */
export async function readFixture(name: string, options: Options = {}): Promise<InputRecord[]> {
  return readBytes(
    pieces(await readFile(new URL(`../../../fixtures/csv/${name}`, import.meta.url))),
    options,
  );
}

export function eventsOf(records: readonly InputRecord[]): EventRecord[] {
  return records.filter((record) => record.kind === 'event');
}

export function syntaxOf(records: readonly InputRecord[]): SyntaxRecord[] {
  return records.filter((record) => record.kind === 'syntax');
}

/** Records as short lines: events by place, type, position and time, faults by place and message. */
export function told(records: readonly InputRecord[]): string[] {
  return records.map((record) => {
    if (record.kind === 'input' || record.kind === 'plain') return record.input.name;
    if (record.kind === 'plain-request') return record.place.input.name;
    const at = `${record.place.line}:${record.place.column}`;
    if (record.kind === 'syntax') return `${at} Expected ${record.expected}, received ${record.received}`;
    const { Type, Position, SeqNumber, Timestamp } = record.value as Record<string, unknown>;
    return `${at} ${[Type, Position, SeqNumber, Timestamp].join(' ')}`;
  });
}
