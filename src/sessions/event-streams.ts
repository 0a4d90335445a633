import { FULL, FULL_WORDS, lengthOf, SLOT_SHIFT, TAG } from './event-record.js';
import type { RecordCursor } from './record-cursor.js';
import { ROW_WORDS, type Rows } from './rows.js';
import { Table } from './table.js';

/** Sessions are parted by a hash of their SessionId, a stream each part. */
export const PARTS = 256;

const BLOCK_BITS = 11;
const BLOCK_WORDS = 1 << BLOCK_BITS;
const WORD_BYTES = 4;
const NONE = -1;

/**
 * Records of events in memory, in as many streams as there are parts. Each takes blocks of one table, so that what comes is written side by
 * side, whatever session it is of; no record stands in two blocks.
 */
export class EventStreams {
  readonly #table: Table;
  /** Of each part, where its next record goes, and where its block ends. */
  readonly #next = new Int32Array(PARTS);
  readonly #ends = new Int32Array(PARTS);
  readonly #blocks: readonly number[][] = Array.from({ length: PARTS }, () => []);
  /** Of each block that is left, where its last record ends, from 1: what stands at 0 is of none. */
  readonly #leftAt: number[] = [0];
  readonly #free: number[] = [];
  #usedWords = 0;

  /** @param bytes What it may take, roughly: the caller minds it. */
  constructor(bytes: number) {
    const blocks = Math.ceil(bytes / (BLOCK_WORDS * WORD_BYTES));
    this.#table = new Table(blocks + 2 * PARTS, BLOCK_WORDS);
  }

  get words(): Uint32Array {
    return this.#table.words;
  }

  get reals(): Float64Array {
    return this.#table.reals;
  }

  /** Bytes of the records. */
  get heldBytes(): number {
    return this.#usedWords * WORD_BYTES;
  }

  /** Makes room at the end of a stream and gives the place. */
  room(part: number, words: number): number {
    let at = this.#next[part]!;
    if (at + words > this.#ends[part]!) at = this.#open(part);
    this.#next[part] = at + words;
    this.#usedWords += words;
    return at;
  }

  /** Appends a full record of the only row of a table. */
  addRow({ words }: Rows, part: number, slot: number): void {
    const at = this.room(part, FULL_WORDS);
    const to = this.#table.words;
    to[at + FULL.tag] = (slot << SLOT_SHIFT) | TAG.full;
    to[at + FULL.count] = 0;
    for (let word = 0; word < ROW_WORDS; word += 1) to[at + FULL.row + word] = words[word]!;
  }

  /** Appends records that stand elsewhere one after the other. */
  append(part: number, words: Uint32Array, from: number, to: number): void {
    for (let at = from; at < to; ) {
      const length = lengthOf(words[at]!);
      const added = this.room(part, length);
      const into = this.#table.words;
      for (let word = 0; word < length; word += 1) into[added + word] = words[at + word]!;
      at += length;
    }
  }

  /** How many words a stream has. */
  wordsOf(part: number): number {
    return this.pieces(part).reduce((sum, piece) => sum + piece.length, 0);
  }

  /** Copies a stream, and forgets it. */
  take(part: number, into: Uint32Array): void {
    let copied = 0;
    for (const piece of this.pieces(part)) {
      into.set(piece, copied);
      copied += piece.length;
    }
    this.#usedWords -= copied;
    this.#free.push(...this.#blocks[part]!);
    this.#forget(part);
  }

  cursor(part: number): RecordCursor {
    return new StreamCursor(this.#table, this.pieces(part));
  }

  /** Forgets all records; their room stays. */
  clear(): void {
    for (let part = 0; part < PARTS; part += 1) this.#forget(part);
    this.#table.clear();
    this.#free.length = 0;
    this.#usedWords = 0;
  }

  /** Forgets all records and gives their room back; there is none for others then. */
  free(): void {
    this.clear();
    this.#table.free();
  }

  #forget(part: number): void {
    this.#blocks[part]!.length = 0;
    this.#next[part] = 0;
    this.#ends[part] = 0;
  }

  /** The records of a stream, those of each block together. */
  pieces(part: number): Uint32Array[] {
    const blocks = this.#blocks[part]!;
    return blocks.map((block, i) => {
      const end = i === blocks.length - 1 ? this.#next[part]! : this.#leftAt[block + 1]!;
      return this.#table.words.subarray(block << BLOCK_BITS, end);
    });
  }

  #open(part: number): number {
    const blocks = this.#blocks[part]!;
    this.#leftAt[(blocks.at(-1) ?? NONE) + 1] = this.#next[part]!;
    const block = this.#free.pop() ?? this.#table.push();
    this.#leftAt[block + 1] = 0;
    blocks.push(block);
    this.#ends[part] = (block + 1) << BLOCK_BITS;
    return block << BLOCK_BITS;
  }
}

class StreamCursor implements RecordCursor {
  readonly words: Uint32Array;
  readonly reals: Float64Array;
  at = 0;
  readonly #pieces: readonly Uint32Array[];
  #end = 0;
  #taken = 0;

  constructor({ words, reals }: Table, pieces: readonly Uint32Array[]) {
    this.words = words;
    this.reals = reals;
    this.#pieces = pieces;
  }

  settle(): boolean {
    if (this.at < this.#end) return true;
    const piece = this.#pieces[this.#taken];
    if (!piece) return false;
    this.#taken += 1;
    this.at = piece.byteOffset / WORD_BYTES;
    this.#end = this.at + piece.length;
    return true;
  }

  pass(): void {
    this.at += lengthOf(this.words[this.at]!);
  }
}
