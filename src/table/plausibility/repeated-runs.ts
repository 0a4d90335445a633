import { grown } from '../../domain/event-batch.js';
import { seededSlot } from '../../sessions/key-slots.js';

const MAX_ROWS = 2 ** 19;
const FIRST_ROWS = 2 ** 10;
const GROWTH = 8;
const ENOUGH_ROWS = 20;
const MIN_TABLE = 6;

/** Consecutive rows that repeat earlier rows in the same order. */
export interface RepeatedRun {
  /** The line where the second copy starts, and the line of the first copy. */
  readonly line: number;
  readonly earlierLine: number;
  /** How many rows of the input stand a second time. */
  readonly rows: number;
}

/**
 * Looks for an export that was appended to itself: condition (a) of `export-repeated`. Remembers the first 524,288 rows (10 MiB at
 * most) and holds all later ones against them.
 */
export class RepeatedRuns {
  #hashes = new Float64Array(FIRST_ROWS);
  #lines = new Uint32Array(FIRST_ROWS);
  /** Index of a row plus 1 by its hash; open addressing. */
  #slots = new Int32Array(2 * FIRST_ROWS);
  #rows = 0;
  #kept = 0;
  #repeated = 0;

  /** The current run: the earlier line of its last row, its start, and up to 20 of its different rows. */
  #earlier = -1;
  #begin = { line: 0, earlierLine: 0 };
  #different = new Set<number>();

  #best: { readonly line: number; readonly earlierLine: number; readonly different: number } | undefined;

  /** @param hash the row's hash @param line its line */
  add(hash: number, line: number): void {
    this.#rows += 1;
    const before = this.#indexOf(hash);
    if (before >= 0) {
      this.#repeated += 1;
      this.#follow(hash, line, before);
    } else {
      this.#earlier = -1;
    }
    if (this.#kept < MAX_ROWS) this.#keep(hash, line, before >= 0);
  }

  /**
   * The repetition; undefined if it has fewer than 20 different rows, and is less than half of a table of at least 6.
   */
  found(): RepeatedRun | undefined {
    if (!this.#best) return undefined;
    const { line, earlierLine, different } = this.#best;
    const half = this.#rows >= MIN_TABLE && different * 2 >= this.#rows;
    return different >= ENOUGH_ROWS || half ? { line, earlierLine, rows: this.#repeated } : undefined;
  }

  #follow(hash: number, line: number, before: number): void {
    const goesOn = this.#earlier >= 0 && this.#hashes[this.#earlier + 1] === hash;
    if (goesOn && this.#earlier + 1 < this.#kept) {
      this.#earlier += 1;
    } else {
      this.#earlier = before;
      this.#begin = { line, earlierLine: this.#lines[before]! };
      this.#different = new Set();
    }
    if (this.#different.size < ENOUGH_ROWS) this.#different.add(hash);
    if (this.#different.size > (this.#best?.different ?? 0))
      this.#best = { ...this.#begin, different: this.#different.size };
  }

  #keep(hash: number, line: number, known: boolean): void {
    if (this.#kept === this.#hashes.length) this.#grow();
    this.#hashes[this.#kept] = hash;
    this.#lines[this.#kept] = line;
    this.#kept += 1;
    if (!known) this.#slots[this.#slotOf(hash)] = this.#kept;
  }

  #indexOf(hash: number): number {
    return this.#slots[this.#slotOf(hash)]! - 1;
  }

  #slotOf(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = seededSlot(hash, this.#slots.length);
    while (this.#slots[slot] !== 0 && this.#hashes[this.#slots[slot]! - 1] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const rows = this.#kept * GROWTH;
    this.#hashes = grown(this.#hashes, rows);
    this.#lines = grown(this.#lines, rows);
    this.#slots = new Int32Array(2 * rows);
    for (let row = 0; row < this.#kept; row += 1) {
      const slot = this.#slotOf(this.#hashes[row]!);
      if (this.#slots[slot] === 0) this.#slots[slot] = row + 1;
    }
  }
}
