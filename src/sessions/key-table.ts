import { writeGuid } from '../domain/guid.js';
import { KEY_WORDS, type KeyHash, KeySlots, PAGE_SLOTS, seededHash } from './key-slots.js';
import { type MemoryBudget, memoryBudget } from './memory.js';

/**
 * A map from keys of four words to values of a fixed number of words: in memory up to a budget, then in a temporary
 * file, where each lookup reads a page. New and changed values stay in memory first, and are written to the file in
 * the order of its slots.
 */
export class KeyTable {
  readonly #valueWords: number;
  readonly #hash: KeyHash;
  readonly #memory: MemoryBudget;
  readonly #recent: KeySlots;
  #settled: KeySlots | null = null;
  /** The values, at the places that `find` and `place` return. */
  words: Uint32Array;
  #size = 0;

  /** @param valueWords The last word of a value is never 0. */
  constructor(valueWords: number, memory: MemoryBudget, hash = seededHash) {
    this.#valueWords = valueWords;
    this.#hash = hash;
    this.#memory = memory;
    const inMemory = { pages: Number.POSITIVE_INFINITY, folder: memory.folder };
    this.#recent = new KeySlots(valueWords, inMemory, 0, hash);
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

  /** The index of a key's value in `words` until the next call; -1 without one. */
  find(key: Uint32Array, at: number): number {
    this.words = this.#recent.words;
    const value = this.#recent.find(key, at);
    if (value >= 0 || this.#settled === null) return value;
    const settled = this.#settled.find(key, at);
    this.words = this.#settled.words;
    return settled;
  }

  /**
   * The index of a key's value for writing; adds the key if it is new. All words of a new value are 0; the caller must
   * change the last one.
   * @throws UserError of kind `output` if the disk is full
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
      const its = this.#settled!.words;
      for (let word = 0; word < this.#valueWords; word += 1) this.words[value + word] = its[settled + word]!;
    }
    return value;
  }

  /** Deletes the temporary file. */
  close(): void {
    this.#settled?.close();
  }

  #makeRoom(): void {
    // While the table grows, the old slots are still in memory: together three times the size of the old ones.
    if (this.#recent.bytes * 3 <= this.#memory.bytes) {
      this.#recent.grow();
      return;
    }
    this.#settled ??= new KeySlots(
      this.#valueWords,
      this.#roomBeside(this.#recent),
      this.#recent.size * 2,
      this.#hash,
    );
    this.#settled.placeAll(this.#recent);
    this.#recent.clear();
  }

  /** The memory for pages of the part on disk; while the table grows, this memory is used twice. */
  #roomBeside({ bytes }: KeySlots): { readonly pages: number; readonly folder: string } {
    const pageBytes = PAGE_SLOTS * (KEY_WORDS + this.#valueWords) * Uint32Array.BYTES_PER_ELEMENT;
    return {
      pages: Math.floor(Math.max(0, this.#memory.bytes - bytes) / 2 / pageBytes),
      folder: this.#memory.folder,
    };
  }
}

const SETS = 1 << 8;

/** Up to eight flags per SessionId: in memory up to a budget, then on disk. */
export class KeyFlags {
  readonly #flags: KeyTable;
  readonly #key = new Uint32Array(KEY_WORDS);
  /** How many sessions have a set of flags. */
  readonly #counts = new Float64Array(SETS);

  constructor(memory: MemoryBudget = memoryBudget()) {
    this.#flags = new KeyTable(1, memory);
  }

  /**
   * Sets at least one flag of a session. Returns whether any of them is new.
   * @throws UserError of kind `output` where the disk cannot hold it
   */
  add(key: string, flags: number): boolean {
    writeGuid(key, this.#key, 0);
    const at = this.#flags.place(this.#key, 0);
    const before = this.#flags.words[at]!;
    const after = before | flags;
    this.#flags.words[at] = after;
    if (before !== 0) this.#counts[before]! -= 1;
    this.#counts[after]! += 1;
    return after !== before;
  }

  /** Whether a session has any of these flags. */
  has(key: string, flags: number): boolean {
    if (this.#flags.size === 0) return false;
    writeGuid(key, this.#key, 0);
    const at = this.#flags.find(this.#key, 0);
    return at >= 0 && (this.#flags.words[at]! & flags) !== 0;
  }

  /** How many sessions have, of the flags `among`, exactly the flags `those`. */
  count(those: number, among: number): number {
    return this.#counts.reduce((sum, count, set) => ((set & among) === those ? sum + count : sum), 0);
  }

  /** Deletes the temporary file. */
  close(): void {
    this.#flags.close();
  }
}

/** How many bytes of a fingerprint are kept: its first 16. */
export const PRINT_BYTES = 16;

const PRINT_WORDS = PRINT_BYTES / Uint32Array.BYTES_PER_ELEMENT;

/** Remembers a fingerprint for every session, in 48 to 96 bytes each: in memory up to a budget, on disk beyond it. */
export class SeenSessions {
  readonly #prints: KeyTable;
  /** The fingerprint that was returned last, as bytes and as words. */
  readonly #print = new Uint8Array(PRINT_BYTES);
  readonly #words = new Uint32Array(this.#print.buffer);

  constructor(memory: MemoryBudget = memoryBudget()) {
    this.#prints = new KeyTable(PRINT_WORDS + 1, memory);
  }

  get size(): number {
    return this.#prints.size;
  }

  /** The fingerprint of the session with these four words; undefined without one. Valid until the next call. */
  get(words: Uint32Array, from: number): Uint8Array | undefined {
    const at = this.#prints.find(words, from);
    if (at < 0) return undefined;
    for (let word = 0; word < PRINT_WORDS; word += 1) this.#words[word] = this.#prints.words[at + word]!;
    return this.#print;
  }

  /** Stores the fingerprint of a session without one. @throws UserError of kind `output` if the disk is full */
  add(words: Uint32Array, from: number, print: Uint8Array): void {
    this.#print.set(print.subarray(0, PRINT_BYTES));
    const at = this.#prints.place(words, from);
    this.#prints.words.set(this.#words, at);
    this.#prints.words[at + PRINT_WORDS] = 1;
  }

  /** Deletes the temporary file. */
  close(): void {
    this.#prints.close();
  }
}
