import { randomInt } from 'node:crypto';
import { hashGuid, LOW_HASH_RANGE } from '../domain/guid.js';
import { TempFile } from './memory.js';

/** A random seed per process, so that nobody can choose SessionIds that all fall into one slot. No output depends on it. */
export const HASH_SEED = randomInt(2 ** 32);

const PAGE_BITS = 8;
/** How many slots a page has. */
export const PAGE_SLOTS = 1 << PAGE_BITS;

const FIRST_SLOTS = 1024;
const FULLEST = 0.75;

/** How many words a key has: those of a GUID, or of a digest that is cut to the same length. */
export const KEY_WORDS = 4;

/** A 32-bit hash of a key. */
export type KeyHash = (words: Uint32Array, at: number) => number;

/** The hash function of all tables. Tests use other functions, so that keys are far from their first slot. */
export const seededHash: KeyHash = (words, at) => hashGuid(words, at, HASH_SEED);

/**
 * The first slot to try for a hash of up to 53 bits in a table of this size (a power of two). It differs from process
 * to process.
 */
export function seededSlot(hash: number, slots: number): number {
  const high = Math.floor(hash / LOW_HASH_RANGE);
  let word = Math.imul(HASH_SEED ^ high, 0x85ebca6b);
  // `%` of numbers beyond 32 bits takes 70 ns, this 5.
  word = Math.imul(word ^ (word >>> 15) ^ (hash - high * LOW_HASH_RANGE), 0xc2b2ae35);
  return (word ^ (word >>> 13)) & (slots - 1);
}

/** Where slots are stored. */
export interface SlotRoom {
  /** The maximum number of pages in memory. */
  readonly pages: number;
  /** The folder of the temporary file for all other pages. */
  readonly folder: string;
}

/** Slots for keys and their values, by open addressing. The last word of a value is never 0: a slot with a 0 there is free. */
export class KeySlots {
  readonly #valueWords: number;
  readonly #hash: KeyHash;
  readonly #room: SlotRoom;
  readonly #width: number;
  #slots: number;
  #pages: PagedWords;
  #size = 0;
  /** The page that was used last. */
  #page = 0;

  /** @param least The number of keys to make room for. */
  constructor(valueWords: number, room: SlotRoom, least = 0, hash = seededHash) {
    this.#valueWords = valueWords;
    this.#hash = hash;
    this.#room = room;
    this.#width = KEY_WORDS + valueWords;
    this.#slots = Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2(least / FULLEST)));
    this.#pages = this.#paged();
  }

  /** How many keys there are. */
  get size(): number {
    return this.#size;
  }

  /** Whether the table must grow before another key is placed. */
  get full(): boolean {
    return this.#size >= this.#slots * FULLEST;
  }

  /** The size of all slots in bytes, in memory and on disk. */
  get bytes(): number {
    return this.#slots * this.#width * Uint32Array.BYTES_PER_ELEMENT;
  }

  /** The values, at the places that `find` and `place` return. */
  get words(): Uint32Array {
    return this.#pages.words;
  }

  /** The index of a key's value in `words` until the next call; -1 without one. */
  find(key: Uint32Array, at: number): number {
    const slot = this.#seek(key, at);
    return this.words[slot + this.#width - 1] === 0 ? -1 : slot + KEY_WORDS;
  }

  /** The index of a key's value for writing; adds the key if it is new. All words of a new value are 0. */
  place(key: Uint32Array, at: number): number {
    const slot = this.#seek(key, at);
    if (this.words[slot + this.#width - 1] === 0) {
      this.#size += 1;
      for (let word = 0; word < KEY_WORDS; word += 1) this.words[slot + word] = key[at + word]!;
    }
    this.#pages.change(this.#page);
    return slot + KEY_WORDS;
  }

  /** Makes room for twice as many keys. Needs memory for the old and the new slots at the same time. */
  grow(): void {
    const before = this.#pages;
    const pages = this.#slots / PAGE_SLOTS;
    this.#slots *= 2;
    this.#size = 0;
    this.#pages = this.#paged();
    for (const slot of this.#taken(before, pages)) this.#copy(before.words, slot);
    before.close();
  }

  /** Adds the keys of other slots; their values replace those here. Reads and writes both tables from beginning to end. */
  placeAll(other: KeySlots): void {
    for (const slot of this.#taken(other.#pages, other.#slots / PAGE_SLOTS)) {
      if (this.full) this.grow();
      this.#copy(other.words, slot);
    }
    this.#pages.flush();
  }

  /** Frees all slots. */
  clear(): void {
    this.words.fill(0);
    this.#size = 0;
  }

  close(): void {
    this.#pages.close();
  }

  *#taken(pages: PagedWords, count: number): Generator<number> {
    for (let page = 0; page < count; page += 1) {
      const from = pages.load(page);
      for (let slot = from; slot < from + PAGE_SLOTS * this.#width; slot += this.#width) {
        if (pages.words[slot + this.#width - 1] !== 0) yield slot;
      }
    }
  }

  #copy(words: Uint32Array, slot: number): void {
    const value = this.place(words, slot);
    for (let word = 0; word < this.#valueWords; word += 1)
      this.words[value + word] = words[slot + KEY_WORDS + word]!;
  }

  /** The slot of a key, or the free slot where the key belongs. */
  #seek(key: Uint32Array, at: number): number {
    const width = this.#width;
    let slot = this.#homeOf(key, at);
    for (;;) {
      this.#page = slot >>> PAGE_BITS;
      const from = this.#pages.load(this.#page);
      do {
        const position = from + (slot & (PAGE_SLOTS - 1)) * width;
        if (this.words[position + width - 1] === 0 || this.#holds(position, key, at)) return position;
        slot += 1;
      } while ((slot & (PAGE_SLOTS - 1)) !== 0);
      if (slot === this.#slots) slot = 0;
    }
  }

  #holds(position: number, key: Uint32Array, at: number): boolean {
    for (let word = 0; word < KEY_WORDS; word += 1) {
      if (this.words[position + word] !== key[at + word]) return false;
    }
    return true;
  }

  /** Slots are in the order of hashes, so that reading one table in order also visits the slots of another table in order. */
  #homeOf(key: Uint32Array, at: number): number {
    return Math.floor((this.#hash(key, at) / 2 ** 32) * this.#slots);
  }

  #paged(): PagedWords {
    const { pages, folder } = this.#room;
    return new PagedWords(this.#slots / PAGE_SLOTS, PAGE_SLOTS * this.#width, pages, folder);
  }
}

const WORD_BYTES = 4;

/**
 * Words of 32 bits, zero at first, in pages of one size. If not all pages fit in memory, they are in a temporary file,
 * and as many as fit are also in memory.
 */
class PagedWords {
  /** The words of the pages in memory; `load` returns where a page begins. */
  readonly words: Uint32Array;
  readonly #pageWords: number;
  readonly #frames: number;
  readonly #file: TempFile | null;
  /** The number of the page in each frame, and whether the page differs from the file. */
  readonly #pageIn: Int32Array;
  readonly #changed: Uint8Array;

  /**
   * @param most The maximum number of pages in memory; at least one is kept.
   * @param folder The folder of the temporary file.
   * @throws UserError of kind `output` if the disk is full
   */
  constructor(pages: number, pageWords: number, most: number, folder: string) {
    this.#pageWords = pageWords;
    this.#frames = Math.max(1, Math.floor(Math.min(pages, most)));
    this.words = new Uint32Array(this.#frames * pageWords);
    const paged = this.#frames < pages;
    this.#file = paged ? new TempFile(folder) : null;
    this.#file?.extend(pages * pageWords * WORD_BYTES);
    this.#pageIn = Int32Array.from({ length: paged ? this.#frames : 0 }, (_, frame) => frame);
    this.#changed = new Uint8Array(this.#pageIn.length);
  }

  /** The index of a page in `words`; valid until another page is loaded. */
  load(page: number): number {
    if (this.#file === null) return page * this.#pageWords;
    const frame = page % this.#frames;
    if (this.#pageIn[frame] !== page) this.#turn(frame, page, this.#file);
    return frame * this.#pageWords;
  }

  /** Marks the page that was just loaded as changed. Call it before changing the page. */
  change(page: number): void {
    if (this.#file !== null) this.#changed[page % this.#frames] = 1;
  }

  /**
   * Writes all changed pages, so that later look-ups need not write.
   * @throws UserError of kind `output` where the disk cannot hold it
   */
  flush(): void {
    for (let frame = 0; frame < this.#changed.length; frame += 1) this.#keep(frame);
  }

  close(): void {
    this.#file?.close();
  }

  #turn(frame: number, page: number, file: TempFile): void {
    this.#keep(frame);
    const its = this.#bytesOf(frame);
    file.read(its, page * its.length);
    this.#pageIn[frame] = page;
  }

  #keep(frame: number): void {
    if (this.#changed[frame] !== 1) return;
    const its = this.#bytesOf(frame);
    this.#file?.write(its, this.#pageIn[frame]! * its.length);
    this.#changed[frame] = 0;
  }

  #bytesOf(frame: number): Uint8Array {
    const bytes = this.#pageWords * WORD_BYTES;
    return new Uint8Array(this.words.buffer, frame * bytes, bytes);
  }
}
