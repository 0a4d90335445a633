/** A row is 16 words of 32 bits: the same in memory and on disk. */
export const ROW_WORDS = 16;
export const ROW_BYTES = ROW_WORDS * 4;

/** The words of a row. */
export const WORD = {
  /** Four words: the SessionId. */
  key: 0,
  seqNumber: 8,
  line: 9,
  /** The how manyth of all events it is: the order in which sessions first appeared. */
  ordinal: 10,
  clip: 11,
  /** Organization in the lower half, Source in the upper. */
  organizationAndSource: 12,
  pointer: 13,
  /** Input in the lower half, column in the upper. */
  inputAndColumn: 14,
  /** The lower half: flags; the upper: the clip's duration. */
  flags: 15,
} as const;

/** The doubles of a row, counted in doubles. */
export const REAL = { position: 2, timestamp: 3 } as const;

const FIRST_ROWS = 2048;
const GROWTH = 8;

/** Rows of a fixed size in typed columns side by side. */
export class Rows {
  words: Uint32Array;
  reals: Float64Array;
  count = 0;

  /** @param capacity How many rows there is room for. */
  constructor(readonly capacity: number) {
    this.words = new Uint32Array(Math.min(capacity, FIRST_ROWS) * ROW_WORDS);
    this.reals = new Float64Array(this.words.buffer);
  }

  /** Makes room for a row and gives its number. The system gives memory only where it is written. */
  push(): number {
    if (this.count * ROW_WORDS === this.words.length) this.#grow(this.count + 1);
    this.count += 1;
    return this.count - 1;
  }

  /** Makes room for many rows, whatever stands in it, and gives the number of the first. */
  extend(rows: number): number {
    const first = this.count;
    if ((first + rows) * ROW_WORDS > this.words.length) this.#grow(first + rows);
    this.count += rows;
    return first;
  }

  /** The bytes of the first `rows` rows. */
  bytes(rows = this.count): Uint8Array {
    return new Uint8Array(this.words.buffer, 0, rows * ROW_BYTES);
  }

  /** Appends a row of another table. */
  copy(from: Rows, row: number): void {
    const to = this.push() * ROW_WORDS;
    const { words } = from;
    for (let word = 0; word < ROW_WORDS; word += 1) this.words[to + word] = words[row * ROW_WORDS + word]!;
  }

  /** Forgets all rows; their room stays. */
  clear(): void {
    this.count = 0;
  }

  /** Forgets all rows and gives their room back; there is none for others then. */
  free(): void {
    this.count = 0;
    this.words = new Uint32Array(0);
    this.reals = new Float64Array(0);
  }

  #grow(least: number): void {
    const grown = GROWTH * (this.words.length / ROW_WORDS);
    // Two large tables side by side would take twice the memory for a moment.
    const rows = Math.max(least, grown * GROWTH > this.capacity ? this.capacity : grown);
    const words = new Uint32Array(rows * ROW_WORDS);
    words.set(this.words.subarray(0, this.count * ROW_WORDS));
    this.words = words;
    this.reals = new Float64Array(words.buffer);
  }
}
