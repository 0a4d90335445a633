import { sameGuid } from '../domain/guid-words.js';
import type { Extent } from './partitions.js';
import { ROW_BYTES, ROW_WORDS, Rows, WORD } from './rows.js';
import type { TempFile } from './temp-file.js';

/** Goes through a run: rows in which the sessions follow each other whole, by the order of their first events. */
export class RunCursor {
  readonly #file: TempFile;
  readonly #rows: Rows;
  #offset: number;
  #left: number;
  #at = 0;
  readonly #key = new Uint32Array(4);

  constructor(file: TempFile, run: Extent, bufferRows: number) {
    this.#file = file;
    this.#rows = new Rows(bufferRows);
    this.#offset = run.offset;
    this.#left = run.rows;
    this.#fill();
  }

  get done(): boolean {
    return this.#at >= this.#rows.count;
  }

  /** The ordinal of the next session's first event. */
  get ordinal(): number {
    return this.#rows.words[this.#at * ROW_WORDS + WORD.ordinal]!;
  }

  /** Appends the rows of the next session. */
  session(into: Rows): void {
    const key = this.#key;
    key.set(this.#rows.words.subarray(this.#at * ROW_WORDS, this.#at * ROW_WORDS + key.length));
    while (!this.done && sameGuid(this.#rows.words, this.#at * ROW_WORDS + WORD.key, key, 0)) {
      into.copy(this.#rows, this.#at);
      this.#at += 1;
      if (this.#at === this.#rows.count) this.#fill();
    }
  }

  #fill(): void {
    const count = Math.min(this.#left, this.#rows.capacity);
    this.#rows.clear();
    this.#rows.extend(count);
    this.#file.read(this.#rows.bytes(), this.#offset);
    this.#offset += count * ROW_BYTES;
    this.#left -= count;
    this.#at = 0;
  }
}
