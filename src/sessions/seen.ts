import { hashGuid } from '../domain/guid.js';
import { HASH_SEED } from './hash-seed.js';
import { KeyTable } from './key-table.js';
import { type MemoryBudget, memoryBudget } from './memory.js';

/** A fingerprint's first bytes that are kept: 16. */
export const PRINT_BYTES = 16;

const GUID_WORDS = 4;
const PRINT_WORDS = PRINT_BYTES / Uint32Array.BYTES_PER_ELEMENT;

/** Remembers a fingerprint for every session that was seen, in 48 to 96 bytes each: in memory up to a budget, on disk beyond it. */
export class SeenSessions {
  readonly #prints: KeyTable;
  /** The fingerprint that was given last: its bytes, and the same as words. */
  readonly #print = new Uint8Array(PRINT_BYTES);
  readonly #words = new Uint32Array(this.#print.buffer);

  constructor(memory: MemoryBudget = memoryBudget()) {
    this.#prints = new KeyTable(
      { keyWords: GUID_WORDS, valueWords: PRINT_WORDS + 1, hash: (key, at) => hashGuid(key, at, HASH_SEED) },
      memory,
    );
  }

  get size(): number {
    return this.#prints.size;
  }

  /** The fingerprint of the session of four words, until the next call; undefined where none was remembered. */
  get(words: Uint32Array, from: number): Uint8Array | undefined {
    const at = this.#prints.find(words, from);
    if (at < 0) return undefined;
    for (let word = 0; word < PRINT_WORDS; word += 1) this.#words[word] = this.#prints.words[at + word]!;
    return this.#print;
  }

  /**
   * Remembers the fingerprint of a session that has none yet.
   * @throws UserError of kind `output` where the disk cannot hold it
   */
  add(words: Uint32Array, from: number, print: Uint8Array): void {
    this.#print.set(print.subarray(0, PRINT_BYTES));
    const at = this.#prints.place(words, from);
    this.#prints.words.set(this.#words, at);
    this.#prints.words[at + PRINT_WORDS] = 1;
  }

  /** Lets go of the temporary file. */
  close(): void {
    this.#prints.close();
  }
}
