import type { InputRecord } from '../../src/domain/record.js';
import { type ReadOptions, readInputs } from '../../src/read/read.js';

/** Bytes as a stream, cut into chunks of a size. */
export async function* chunked(bytes: Uint8Array | string, size = 65_536): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(bytes);
  for (let from = 0; from < all.length; from += size) yield all.subarray(from, from + size);
}

/** What is read of one input. */
export async function readAll(
  bytes: Uint8Array | string,
  { name = 'input', size = 65_536, ...options }: Partial<ReadOptions> & { name?: string; size?: number } = {},
): Promise<readonly InputRecord[]> {
  const records: InputRecord[] = [];
  for await (const chunk of readInputs([{ name, bytes: chunked(bytes, size) }], options))
    records.push(...chunk);
  return records;
}

/** Records as short texts: kind, line:column, pointer, and what they hold or lack. */
export function told(records: readonly InputRecord[]): readonly string[] {
  return records.flatMap((record) => {
    if (record.kind === 'input' || record.kind === 'plain' || record.kind === 'plain-request') return [];
    const { line, column, pointer } = record.place;
    const what =
      record.kind === 'syntax'
        ? `expected ${record.expected}, received ${record.received}`
        : JSON.stringify(record.value);
    return [`${record.kind} ${line}:${column}${pointer === null ? '' : ` ${pointer}`} ${what}`];
  });
}
