import { hashGuid } from '../domain/guid-words.js';
import { ROW_BYTES, ROW_WORDS, Rows, WORD } from './rows.js';
import type { TempFile } from './temp-file.js';

/** How many parts rows are parted in. */
const PARTS = 256;

const STAGED_ROWS = 8192;

/** Rows that stand one after the other in a file. */
export interface Extent {
  /** In bytes. */
  readonly offset: number;
  readonly rows: number;
}

/** Parts rows by a hash of their SessionId, so that the rows of a session meet in one part, in their order. */
export class Partitions {
  readonly #file: TempFile;
  readonly #seed: number;
  readonly #extents: Extent[][] = Array.from({ length: PARTS }, () => []);

  /** @param seed Another seed parts otherwise: for a part that is parted again. */
  constructor(file: TempFile, seed = 0) {
    this.#file = file;
    this.#seed = seed;
  }

  /** Writes all rows to the file, each part's together. */
  write(rows: Rows): void {
    const starts = this.#startsOf(rows);
    const order = this.#orderOf(rows, starts);
    const begin = this.#file.size;
    writeInOrder(rows, order, this.#file);
    for (const [part, extents] of this.#extents.entries()) {
      const count = starts[part + 1]! - starts[part]!;
      if (count > 0) extents.push({ offset: begin + starts[part]! * ROW_BYTES, rows: count });
    }
  }

  /** The extents of each part that has any. */
  parts(): readonly (readonly Extent[])[] {
    return this.#extents.filter((extents) => extents.length > 0);
  }

  #partOf(rows: Rows, row: number): number {
    return hashGuid(rows.words, row * ROW_WORDS + WORD.key, this.#seed + 1) >>> 24;
  }

  #startsOf(rows: Rows): Int32Array {
    const starts = new Int32Array(PARTS + 1);
    for (let row = 0; row < rows.count; row += 1) starts[this.#partOf(rows, row) + 1]! += 1;
    for (let part = 0; part < PARTS; part += 1) starts[part + 1]! += starts[part]!;
    return starts;
  }

  #orderOf(rows: Rows, starts: Int32Array): Int32Array {
    const free = starts.slice();
    const order = new Int32Array(rows.count);
    for (let row = 0; row < rows.count; row += 1) {
      const part = this.#partOf(rows, row);
      order[free[part]!] = row;
      free[part]! += 1;
    }
    return order;
  }
}

/** Appends rows to a file in another order. Gives the offset at which they stand. */
export function writeInOrder(rows: Rows, order: Iterable<number>, file: TempFile): number {
  const offset = file.size;
  const staged = new Rows(Math.min(STAGED_ROWS, Math.max(1, rows.count)));
  for (const row of order) {
    if (staged.count === staged.capacity) flush();
    staged.copy(rows, row);
  }
  flush();
  return offset;

  function flush(): void {
    file.append(staged.bytes());
    staged.clear();
  }
}
