import { type ReadOptions, readInputs } from '../../src/read/read.js';
import { type Read, readRecords } from './as-read.js';

/** Bytes as a stream, cut into chunks of a size. */
export async function* chunked(bytes: Uint8Array | string, size = 65_536): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(bytes);
  for (let from = 0; from < all.length; from += size) yield all.subarray(from, from + size);
}

export interface Reading extends Partial<ReadOptions> {
  readonly name?: string;
  readonly size?: number;
  /** Below a request, whose places are looked up. */
  readonly pointers?: readonly string[];
}

/** What is read of one input. */
export function readAll(
  bytes: Uint8Array | string,
  { name = 'input', size = 65_536, pointers = [], ...options }: Reading = {},
): Promise<readonly Read[]> {
  return readRecords(readInputs([{ name, bytes: chunked(bytes, size) }], options), pointers);
}

/** What was read as short texts: kind, line:column, pointer, and what it holds or lacks. */
export function told(read: readonly Read[]): readonly string[] {
  return read.map((each) => {
    const { line, column, pointer } = each.place;
    const what =
      each.kind === 'syntax'
        ? `expected ${each.expected}, received ${each.received}`
        : JSON.stringify(each.value);
    return `${each.kind} ${line}:${column}${pointer === null ? '' : ` ${pointer}`} ${what}`;
  });
}
