import type { Table } from './table.js';

/** Sessions are parted by a hash of their SessionId. */
export const PARTS = 256;

/** Hands out the rows of a table in blocks, each for one part: whoever goes through a part stays in a small piece of memory. */
export class PartedRows {
  readonly #table: Table;
  readonly #blockBits: number;
  readonly #block: number;
  /** Of each part, where its next row stands; at the beginning of a block: there is none yet. */
  readonly #next = new Int32Array(PARTS);
  #partOfBlock: number[] = [];
  #count = 0;

  /** @param blockBits A block has two to that power rows. */
  constructor(table: Table, blockBits: number) {
    this.#table = table;
    this.#blockBits = blockBits;
    this.#block = 1 << blockBits;
  }

  /** How many rows were handed out. */
  get count(): number {
    return this.#count;
  }

  /** Gives the number of a part's next row. */
  push(part: number): number {
    let row = this.#next[part]!;
    if ((row & (this.#block - 1)) === 0) {
      row = this.#table.push(this.#block);
      this.#partOfBlock.push(part);
    }
    this.#next[part] = row + 1;
    this.#count += 1;
    return row;
  }

  partOf(row: number): number {
    return this.#partOfBlock[row >>> this.#blockBits]!;
  }

  /** The numbers of the rows, those of a part together, and there in the order in which they were handed out. */
  numbers(): Int32Array {
    const blocks = this.#partOfBlock.map((part, block) => ({ part, block }));
    blocks.sort((a, b) => a.part - b.part || a.block - b.block);
    const numbers = new Int32Array(this.#count);
    let found = 0;
    for (const { part, block } of blocks) {
      const from = block * this.#block;
      const next = this.#next[part]!;
      const to = next > from && next < from + this.#block ? next : from + this.#block;
      for (let row = from; row < to; row += 1, found += 1) numbers[found] = row;
    }
    return numbers;
  }

  /** Forgets all rows; the table is the caller's to clear. */
  clear(): void {
    this.#next.fill(0);
    this.#partOfBlock = [];
    this.#count = 0;
  }
}
