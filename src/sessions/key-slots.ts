import { PagedWords } from './paged-words.js';

const PAGE_BITS = 8;
/** Slots of a page. */
export const PAGE_SLOTS = 1 << PAGE_BITS;

const FIRST_SLOTS = 1024;
const FULLEST = 0.75;

/** What the slots of a table are like. */
export interface SlotShape {
  /** Words of a key. */
  readonly keyWords: number;
  /** Words of a value: the last of them is never 0. */
  readonly valueWords: number;
  /** 32 bits of a key that others seldom have. */
  readonly hash: (words: Uint32Array, at: number) => number;
}

/** The hash of a key that is a hash itself. */
export function firstWord(words: Uint32Array, at: number): number {
  return words[at]!;
}

/** Where slots are held. */
export interface SlotRoom {
  /** So many pages at most are in memory. */
  readonly pages: number;
  /** Of the temporary file for the others. */
  readonly folder: string;
}

/** Slots for keys and their values, by open addressing. A slot is free while the last word of its value is 0. */
export class KeySlots {
  readonly #shape: SlotShape;
  readonly #room: SlotRoom;
  readonly #width: number;
  #slots: number;
  #pages: PagedWords;
  #size = 0;
  /** The page that was looked at last. */
  #page = 0;

  /** @param least Room for so many keys at once. */
  constructor(shape: SlotShape, room: SlotRoom, least = 0) {
    this.#shape = shape;
    this.#room = room;
    this.#width = shape.keyWords + shape.valueWords;
    this.#slots = Math.max(FIRST_SLOTS, 2 ** Math.ceil(Math.log2(least / FULLEST)));
    this.#pages = this.#paged();
  }

  /** How many keys there are. */
  get size(): number {
    return this.#size;
  }

  /** Whether it has to grow before another key is placed. */
  get full(): boolean {
    return this.#size >= this.#slots * FULLEST;
  }

  /** Of all slots, whether in memory or not. */
  get bytes(): number {
    return this.#slots * this.#width * Uint32Array.BYTES_PER_ELEMENT;
  }

  /** Where values stand, as `find` and `place` tell. */
  get words(): Uint32Array {
    return this.#pages.words;
  }

  /** Where the value of a key stands in `words` until the next call; -1 where there is none. */
  find(key: Uint32Array, at: number): number {
    const slot = this.#seek(key, at);
    return this.words[slot + this.#width - 1] === 0 ? -1 : slot + this.#shape.keyWords;
  }

  /** The same, for a value that is to be written: that of a new key is 0 throughout. */
  place(key: Uint32Array, at: number): number {
    const { keyWords } = this.#shape;
    const slot = this.#seek(key, at);
    if (this.words[slot + this.#width - 1] === 0) {
      this.#size += 1;
      for (let word = 0; word < keyWords; word += 1) this.words[slot + word] = key[at + word]!;
    }
    this.#pages.change(this.#page);
    return slot + keyWords;
  }

  /** Makes room for twice as many keys. The slots before stand beside the new ones for that time. */
  grow(): void {
    const before = this.#pages;
    const pages = this.#slots / PAGE_SLOTS;
    this.#slots *= 2;
    this.#size = 0;
    this.#pages = this.#paged();
    for (const slot of this.#taken(before, pages)) this.#copy(before.words, slot);
    before.close();
  }

  /** Places what other slots hold, over what is held here. Both are gone through from their beginnings to their ends. */
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
    const { keyWords, valueWords } = this.#shape;
    const value = this.place(words, slot);
    for (let word = 0; word < valueWords; word += 1)
      this.words[value + word] = words[slot + keyWords + word]!;
  }

  /** Where the slot of a key stands, or the free one where it belongs. */
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
    for (let word = 0; word < this.#shape.keyWords; word += 1) {
      if (this.words[position + word] !== key[at + word]) return false;
    }
    return true;
  }

  /** Slots are in the order of hashes: whoever goes through one table finds the places in another in their order too. */
  #homeOf(key: Uint32Array, at: number): number {
    return Math.floor((this.#shape.hash(key, at) / 2 ** 32) * this.#slots);
  }

  #paged(): PagedWords {
    const { pages, folder } = this.#room;
    return new PagedWords(this.#slots / PAGE_SLOTS, PAGE_SLOTS * this.#width, pages, folder);
  }
}
