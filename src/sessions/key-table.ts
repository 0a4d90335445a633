import type { MemoryBudget } from './memory.js';
import { PagedWords } from './paged-words.js';

/** A page has two to that power slots. */
const PAGE_BITS = 8;
const PAGE_SLOTS = 1 << PAGE_BITS;
const FIRST_SLOTS = 1024;
const FULLEST = 0.75;
const WORD_BYTES = 4;

export interface KeyTableOptions {
  /** Words of a key. */
  readonly keyWords: number;
  /** Words of a value: the last of them is never 0. */
  readonly valueWords: number;
  /** 32 bits of a key that others seldom have; absent: keys are hashes themselves. */
  readonly hash?: (words: Uint32Array, at: number) => number;
  readonly memory: MemoryBudget;
}

/**
 * Values by keys, both of a fixed number of words: in memory up to a budget, in a temporary file beyond it, of which each look-up reads a
 * page. Open addressing; a slot takes its words 1.3 to 2.7 times.
 */
export class KeyTable {
  readonly #options: KeyTableOptions;
  readonly #width: number;
  #slots = FIRST_SLOTS;
  #pages: PagedWords;
  #count = 0;
  #page = 0;
  readonly #hash: (words: Uint32Array, at: number) => number;

  constructor(options: KeyTableOptions) {
    this.#options = options;
    this.#width = options.keyWords + options.valueWords;
    this.#hash = options.hash ?? ((words, at) => words[at]!);
    this.#pages = this.#paged(FIRST_SLOTS);
  }

  /** How many keys there are. */
  get size(): number {
    return this.#count;
  }

  /** Where values stand, as `find` and `place` tell. */
  get words(): Uint32Array {
    return this.#pages.words;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#pages.words.byteLength;
  }

  /** Where the value of a key stands in `words` until the next call; -1 where there is none. */
  find(key: Uint32Array, at: number): number {
    const slot = this.#seek(key, at);
    return this.words[slot + this.#width - 1] === 0 ? -1 : slot + this.#options.keyWords;
  }

  /**
   * The same, for a value that is to be written. That of a new key is 0 throughout; its last word may not stay so.
   * @throws UserError of kind `output` where the disk cannot hold it
   */
  place(key: Uint32Array, at: number): number {
    if (this.#count >= this.#slots * FULLEST) this.#grow();
    const { keyWords } = this.#options;
    const slot = this.#seek(key, at);
    if (this.words[slot + this.#width - 1] === 0) {
      this.#count += 1;
      for (let word = 0; word < keyWords; word += 1) this.words[slot + word] = key[at + word]!;
    }
    this.#pages.change(this.#page);
    return slot + keyWords;
  }

  /** Lets go of the temporary file. */
  close(): void {
    this.#pages.close();
  }

  /** Where the slot of a key stands, or the free one where it belongs; its page is the last that was loaded. */
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
    for (let word = 0; word < this.#options.keyWords; word += 1) {
      if (this.words[position + word] !== key[at + word]) return false;
    }
    return true;
  }

  /** Hashes stand in their order, so that growing goes through both tables from their beginnings to their ends. */
  #homeOf(key: Uint32Array, at: number): number {
    return Math.floor((this.#hash(key, at) / 2 ** 32) * this.#slots);
  }

  #grow(): void {
    const before = this.#pages;
    const pages = this.#slots / PAGE_SLOTS;
    this.#slots *= 2;
    this.#pages = this.#paged(this.#slots);
    this.#count = 0;
    const { keyWords, valueWords } = this.#options;
    for (let page = 0; page < pages; page += 1) {
      const from = before.load(page);
      for (let slot = from; slot < from + PAGE_SLOTS * this.#width; slot += this.#width) {
        if (before.words[slot + this.#width - 1] === 0) continue;
        const value = this.place(before.words, slot);
        for (let word = 0; word < valueWords; word += 1) {
          this.words[value + word] = before.words[slot + keyWords + word]!;
        }
      }
    }
    before.close();
  }

  /** Pages for so many slots. While a table grows, the one before it, half as large, stands beside it. */
  #paged(slots: number): PagedWords {
    const { memory } = this.#options;
    const pageWords = PAGE_SLOTS * this.#width;
    const pages = slots / PAGE_SLOTS;
    const room = memory.bytes / (pageWords * WORD_BYTES);
    return new PagedWords(pages, pageWords, pages * 1.5 <= room ? pages : room / 3, memory.folder);
  }
}
