import { hashGuid, writeGuid } from '../domain/guid.js';
import { HASH_SEED } from './hash-seed.js';
import { KeyTable } from './key-table.js';
import { type MemoryBudget, memoryBudget } from './memory.js';

const GUID_WORDS = 4;
const SETS = 1 << 8;

/** What is to be remembered of some sessions by their SessionIds: up to eight flags each, in memory up to a budget, on disk beyond it. */
export class KeyFlags {
  readonly #flags: KeyTable;
  readonly #key = new Uint32Array(GUID_WORDS);
  /** How many sessions have a set of flags. */
  readonly #counts = new Float64Array(SETS);

  constructor(memory: MemoryBudget = memoryBudget()) {
    const hash = (words: Uint32Array, at: number): number => hashGuid(words, at, HASH_SEED);
    this.#flags = new KeyTable({ keyWords: GUID_WORDS, valueWords: 1, hash }, memory);
  }

  /**
   * Sets flags of a session, one at least; whether one of them is new.
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

  /** How many sessions have exactly `those` of `among`. */
  count(those: number, among: number): number {
    return this.#counts.reduce((sum, count, set) => ((set & among) === those ? sum + count : sum), 0);
  }

  /** Lets go of the temporary file. */
  close(): void {
    this.#flags.close();
  }
}
