const FIRST_WORDS = 32_768;
const GROWTH = 8;

/** Rows of so many words of 32 bits side by side. */
export class Table {
  words: Uint32Array;
  reals: Float64Array;
  count = 0;

  /** @param capacity How many rows are expected at most. */
  constructor(
    readonly capacity: number,
    readonly rowWords: number,
  ) {
    this.words = new Uint32Array(Math.min(capacity, Math.ceil(FIRST_WORDS / rowWords)) * rowWords);
    this.reals = new Float64Array(this.words.buffer);
  }

  /** Makes room for rows and gives the number of the first. The system gives memory only where it is written. */
  push(rows = 1): number {
    const first = this.count;
    this.count += rows;
    if (this.count * this.rowWords > this.words.length) this.#grow();
    return first;
  }

  /** Forgets all rows; their room stays. */
  clear(): void {
    this.count = 0;
  }

  /** Forgets all rows and gives their room back; there is none for others then. */
  free(): void {
    // A buffer that is handed over lives as long as what it is handed to: until the next small collection, not the next large one.
    structuredClone(this.words.buffer, { transfer: [this.words.buffer as ArrayBuffer] });
    this.count = 0;
    this.words = new Uint32Array(0);
    this.reals = new Float64Array(0);
  }

  #grow(): void {
    const grown = GROWTH * this.count;
    // Two large tables side by side would take twice the memory for a moment.
    const rows = grown * GROWTH > this.capacity ? Math.max(this.capacity, 2 * this.count) : grown;
    const words = new Uint32Array(rows * this.rowWords);
    words.set(this.words);
    this.words = words;
    this.reals = new Float64Array(words.buffer);
  }
}
