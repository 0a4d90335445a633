import { KeySlots, PAGE_SLOTS, type SlotShape } from './key-slots.js';
import type { MemoryBudget } from './memory.js';

/**
 * Values by keys, both of a fixed number of words: in memory up to a budget, beyond it in a temporary file, of which each look-up reads a
 * page. What is new or changed stands in memory first, and is put into the file in the order in which it stands there.
 */
export class KeyTable {
  readonly #shape: SlotShape;
  readonly #memory: MemoryBudget;
  readonly #recent: KeySlots;
  #settled: KeySlots | null = null;
  /** Where values stand, as `find` and `place` tell. */
  words: Uint32Array;
  #size = 0;

  constructor(shape: SlotShape, memory: MemoryBudget) {
    this.#shape = shape;
    this.#memory = memory;
    this.#recent = new KeySlots(shape, { pages: Number.POSITIVE_INFINITY, folder: memory.folder });
    this.words = this.#recent.words;
  }

  /** How many keys there are. */
  get size(): number {
    return this.#size;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#recent.bytes + (this.#settled?.words.byteLength ?? 0);
  }

  /** Where the value of a key stands in `words` until the next call; -1 where there is none. */
  find(key: Uint32Array, at: number): number {
    this.words = this.#recent.words;
    const value = this.#recent.find(key, at);
    if (value >= 0 || this.#settled === null) return value;
    const settled = this.#settled.find(key, at);
    this.words = this.#settled.words;
    return settled;
  }

  /**
   * The same, for a value that is to be written. That of a new key is 0 throughout; its last word may not stay so.
   * @throws UserError of kind `output` where the disk cannot hold it
   */
  place(key: Uint32Array, at: number): number {
    if (this.#recent.full) this.#makeRoom();
    const before = this.#recent.size;
    const value = this.#recent.place(key, at);
    this.words = this.#recent.words;
    if (this.#recent.size === before) return value;
    const settled = this.#settled?.find(key, at) ?? -1;
    if (settled < 0) this.#size += 1;
    else {
      const { valueWords } = this.#shape;
      const its = this.#settled!.words;
      for (let word = 0; word < valueWords; word += 1) this.words[value + word] = its[settled + word]!;
    }
    return value;
  }

  /** Lets go of the temporary file. */
  close(): void {
    this.#settled?.close();
  }

  #makeRoom(): void {
    // While it grows, what it was stands beside it: three times as much.
    if (this.#recent.bytes * 3 <= this.#memory.bytes) {
      this.#recent.grow();
      return;
    }
    this.#settled ??= new KeySlots(this.#shape, this.#roomBeside(this.#recent), this.#recent.size * 2);
    this.#settled.placeAll(this.#recent);
    this.#recent.clear();
  }

  /** Pages for what is on disk: they stand in memory twice while it grows. */
  #roomBeside({ bytes }: KeySlots): { readonly pages: number; readonly folder: string } {
    const { keyWords, valueWords } = this.#shape;
    const pageBytes = PAGE_SLOTS * (keyWords + valueWords) * Uint32Array.BYTES_PER_ELEMENT;
    return {
      pages: Math.floor(Math.max(0, this.#memory.bytes - bytes) / 2 / pageBytes),
      folder: this.#memory.folder,
    };
  }
}
