import { areAlike, FLAG, ROW_WORDS, type Rows, WORD } from './rows.js';
import type { TempFile } from './temp-file.js';

/*
 * On disk, the events of a session stand in a parcel: what they share first, then what tells them apart. Where one differs in more, all
 * rows of the parcel are whole ones.
 */

const KEY_WORDS = 4;
/** The words of a row that the rows of a parcel share, besides the SessionId. */
const SHARED_FROM = WORD.ordinal;
const HEAD = { key: 0, count: 4, whole: 5, shared: 6 } as const;
const HEAD_WORDS = HEAD.shared + ROW_WORDS - SHARED_FROM;
/** Those that it has of its own: position, time, SeqNumber and line. The highest bit of SeqNumber tells a Stop. */
const OWN_FROM = KEY_WORDS;
const OWN_WORDS = SHARED_FROM - OWN_FROM;
const OWN_SEQ = WORD.seqNumber - OWN_FROM;
const STOPS = 0x8000_0000;

const WORD_BYTES = 4;
const WRITTEN_WORDS = 1 << 17;

/** Parcels that stand one after the other in a file. */
export interface Extent {
  readonly offset: number;
  readonly bytes: number;
}

/** Appends parcels to a file. */
export class ParcelWriter {
  readonly #file: TempFile;
  readonly #words = new Uint32Array(WRITTEN_WORDS);
  #used = 0;

  constructor(file: TempFile) {
    this.#file = file;
  }

  /** Where the next parcel will stand. */
  get offset(): number {
    return this.#file.size + this.#used * WORD_BYTES;
  }

  /** Writes the rows of a session. */
  write(rows: Rows): void {
    const { words, count } = rows;
    const whole = !areAllAlike(rows);
    const head = this.#room(HEAD_WORDS);
    const written = this.#words;
    for (let word = 0; word < KEY_WORDS; word += 1) written[head + HEAD.key + word] = words[word]!;
    written[head + HEAD.count] = count;
    written[head + HEAD.whole] = whole ? 1 : 0;
    for (let word = SHARED_FROM; word < ROW_WORDS; word += 1) {
      written[head + HEAD.shared + word - SHARED_FROM] = words[word]!;
    }
    for (let row = 0; row < count; row += 1) {
      const from = row * ROW_WORDS + (whole ? 0 : OWN_FROM);
      const length = whole ? ROW_WORDS : OWN_WORDS;
      const to = this.#room(length);
      for (let word = 0; word < length; word += 1) written[to + word] = words[from + word]!;
      if (!whole && (words[row * ROW_WORDS + WORD.flags]! & FLAG.stop) !== 0) written[to + OWN_SEQ]! |= STOPS;
    }
  }

  /** Puts on disk what is not there yet. */
  flush(): void {
    this.#file.append(new Uint8Array(this.#words.buffer, 0, this.#used * WORD_BYTES));
    this.#used = 0;
  }

  #room(words: number): number {
    if (this.#used + words > WRITTEN_WORDS) this.flush();
    const at = this.#used;
    this.#used += words;
    return at;
  }
}

function areAllAlike({ words, count }: Rows): boolean {
  for (let row = 0; row < count; row += 1) {
    const at = row * ROW_WORDS;
    if (!areAlike(words, at, words, 0) || words[at + WORD.seqNumber]! >= STOPS) return false;
  }
  return true;
}

/** Reads parcels, one after the other. */
export class ParcelReader {
  readonly #file: TempFile;
  readonly #words: Uint32Array;
  #offset: number;
  #left: number;
  #at = 0;
  #filled = 0;

  /** @param bufferBytes How much is read at once. */
  constructor(file: TempFile, { offset, bytes }: Extent, bufferBytes: number) {
    this.#file = file;
    const least = Math.max(HEAD_WORDS, ROW_WORDS);
    this.#words = new Uint32Array(Math.max(least, Math.floor(Math.min(bytes, bufferBytes) / WORD_BYTES)));
    this.#offset = offset;
    this.#left = bytes;
  }

  get done(): boolean {
    return this.#at === this.#filled && this.#left === 0;
  }

  /** The ordinal of the next parcel's first event. */
  get ordinal(): number {
    this.#need(HEAD_WORDS);
    return this.#words[this.#at + HEAD.shared]!;
  }

  /** Appends the rows of the next parcel. */
  read(into: Rows): void {
    this.#need(HEAD_WORDS);
    const head = this.#words.slice(this.#at, this.#at + HEAD_WORDS);
    this.#at += HEAD_WORDS;
    const whole = head[HEAD.whole] === 1;
    const length = whole ? ROW_WORDS : OWN_WORDS;
    for (let left = head[HEAD.count]!; left > 0; left -= 1) {
      this.#need(length);
      const to = into.push() * ROW_WORDS;
      const { words } = into;
      const read = this.#words;
      const from = to + (whole ? 0 : OWN_FROM);
      for (let word = 0; word < length; word += 1) words[from + word] = read[this.#at + word]!;
      this.#at += length;
      if (whole) continue;
      for (let word = 0; word < KEY_WORDS; word += 1) words[to + word] = head[HEAD.key + word]!;
      for (let word = SHARED_FROM; word < ROW_WORDS; word += 1) {
        words[to + word] = head[HEAD.shared + word - SHARED_FROM]!;
      }
      const seqNumber = words[to + WORD.seqNumber]!;
      words[to + WORD.seqNumber] = seqNumber & ~STOPS;
      words[to + WORD.flags] = (words[to + WORD.flags]! & ~FLAG.stop) | (seqNumber >= STOPS ? FLAG.stop : 0);
    }
  }

  /** Sees to it that so many words stand in the buffer. */
  #need(words: number): void {
    if (this.#at + words <= this.#filled) return;
    this.#words.copyWithin(0, this.#at, this.#filled);
    this.#filled -= this.#at;
    this.#at = 0;
    const room = (this.#words.length - this.#filled) * WORD_BYTES;
    const bytes = Math.min(room, this.#left);
    this.#file.read(new Uint8Array(this.#words.buffer, this.#filled * WORD_BYTES, bytes), this.#offset);
    this.#offset += bytes;
    this.#left -= bytes;
    this.#filled += bytes / WORD_BYTES;
  }
}
