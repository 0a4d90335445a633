import { FULL_WORDS, lengthOf } from './event-record.js';
import type { RecordCursor } from './record-cursor.js';
import type { TempFile } from './temp-file.js';

const WORD_BYTES = 4;
const WRITTEN_WORDS = 1 << 17;

/** Records that stand one after the other in a file. */
export interface Extent {
  readonly offset: number;
  readonly bytes: number;
}

/** Appends records to a file, many at once. */
export class RecordWriter {
  readonly #file: TempFile;
  readonly #words = new Uint32Array(WRITTEN_WORDS);
  #used = 0;

  constructor(file: TempFile) {
    this.#file = file;
  }

  /** Where the next record will stand. */
  get offset(): number {
    return this.#file.size + this.#used * WORD_BYTES;
  }

  write(words: Uint32Array, from: number, to: number): void {
    for (let done = from; done < to; ) {
      if (this.#used === WRITTEN_WORDS) this.flush();
      const some = Math.min(to - done, WRITTEN_WORDS - this.#used);
      this.#words.set(words.subarray(done, done + some), this.#used);
      this.#used += some;
      done += some;
    }
  }

  /** Puts on disk what is not there yet. */
  flush(): void {
    this.#file.append(new Uint8Array(this.#words.buffer, 0, this.#used * WORD_BYTES));
    this.#used = 0;
  }
}

/** Goes through the records of a file's extents. */
export class FileCursor implements RecordCursor {
  readonly words: Uint32Array;
  readonly reals: Float64Array;
  at = 0;
  readonly #file: TempFile;
  readonly #extents: Iterator<Extent>;
  #offset = 0;
  #left = 0;
  #filled = 0;

  /** @param bufferBytes How much is read at once. */
  constructor(file: TempFile, extents: readonly Extent[], bufferBytes: number) {
    this.#file = file;
    this.#extents = extents.values();
    const bytes = extents.reduce((sum, extent) => sum + extent.bytes, 0);
    const pairs = Math.floor(Math.min(bytes, bufferBytes) / WORD_BYTES / 2);
    this.words = new Uint32Array(2 * Math.max(FULL_WORDS / 2, pairs));
    this.reals = new Float64Array(this.words.buffer);
  }

  settle(): boolean {
    if (this.at + FULL_WORDS > this.#filled) this.#fill();
    return this.at < this.#filled;
  }

  pass(): void {
    this.at += lengthOf(this.words[this.at]!);
  }

  #fill(): void {
    this.words.copyWithin(0, this.at, this.#filled);
    this.#filled -= this.at;
    this.at = 0;
    while (this.#filled < this.words.length) {
      if (this.#left === 0) {
        const { done, value } = this.#extents.next();
        if (done) return;
        this.#offset = value.offset;
        this.#left = value.bytes;
      }
      const bytes = Math.min((this.words.length - this.#filled) * WORD_BYTES, this.#left);
      this.#file.read(new Uint8Array(this.words.buffer, this.#filled * WORD_BYTES, bytes), this.#offset);
      this.#offset += bytes;
      this.#left -= bytes;
      this.#filled += bytes / WORD_BYTES;
    }
  }
}
