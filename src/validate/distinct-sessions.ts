import { WIDER, wideHash, writeGuid } from '../domain/guid.js';
import { HASH_SEED } from '../sessions/hash-seed.js';

/** Up to how many are counted exactly. */
const MOST = 2 ** 17;
const HASHES = 2 ** 32;
const FREE = -1;
const FIRST_SLOTS = 64;

/**
 * Counts different SessionIds in bounded memory: exactly as long as they are few; of more, those whose hash falls into a share of all
 * hashes that is halved as often as it takes, which tells how many there are to about 0.3 %.
 */
export class DistinctSessions {
  readonly #most: number;
  readonly #words = new Uint32Array(4);
  /** The hashes that count, by open addressing. (A `Set` of numbers has a hash of its own that is the same in every process.) */
  #slots = new Float64Array(FIRST_SLOTS).fill(FREE);
  #size = 0;
  #halved = 0;
  #last: string | null = null;

  constructor(most = MOST) {
    this.#most = most;
  }

  /** @param sessionId A GUID, in either letter case. */
  add(sessionId: string): void {
    if (sessionId === this.#last) return;
    this.#last = sessionId;
    writeGuid(sessionId, this.#words, 0);
    const key = wideHash(this.#words, 0);
    if (!this.#counts(key)) return;
    const slot = this.#slotOf(key);
    if (this.#slots[slot] === key) return;
    this.#slots[slot] = key;
    this.#size += 1;
    if (this.#size > this.#most) {
      this.#halved += 1;
      this.#build(this.#slots.length);
    } else if (this.#size * 2 > this.#slots.length) this.#build(this.#slots.length * 2);
  }

  get count(): number {
    return this.#size * 2 ** this.#halved;
  }

  /** Whether that is the very number. */
  get exact(): boolean {
    return this.#halved === 0;
  }

  /** Places the hashes that still count anew. */
  #build(slots: number): void {
    const before = this.#slots;
    this.#slots = new Float64Array(slots).fill(FREE);
    this.#size = 0;
    for (const key of before) {
      if (key === FREE || !this.#counts(key)) continue;
      this.#slots[this.#slotOf(key)] = key;
      this.#size += 1;
    }
  }

  /** Where a hash stands, or belongs: where that is depends on the process's seed, what counts does not. */
  #slotOf(key: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(HASH_SEED ^ Math.floor(key / WIDER), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ (key % WIDER), 0xc2b2ae35);
    let slot = (hash ^ (hash >>> 13)) & mask;
    while (this.#slots[slot] !== FREE && this.#slots[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #counts(key: number): boolean {
    return key < (HASHES / 2 ** this.#halved) * WIDER;
  }
}
