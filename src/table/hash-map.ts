import { seededSlot } from '../sessions/key-slots.js';
import { rowHash } from './plausibility/row-hash.js';

const SMALLEST = 1024;

/** A 52-bit hash of a text. */
export function textHash(text: string): number {
  return rowHash([text]);
}

/** Numbers by hashes, whole numbers under 2^53 - 1, in about 32 bytes each: two tables of numbers, open addressing. */
export class HashMap {
  /** Each hash plus 1; 0 where a slot is free. */
  #keys = new Float64Array(SMALLEST);
  #values = new Float64Array(SMALLEST);
  #used = 0;

  /** The number of a hash. If there is none yet, stores `value` and returns undefined. */
  getOrSet(hash: number, value: number): number | undefined {
    const slot = slotOf(hash + 1, this.#keys);
    if (this.#keys[slot] !== 0) return this.#values[slot];
    this.#keys[slot] = hash + 1;
    this.#values[slot] = value;
    this.#used += 1;
    if (this.#used * 2 > this.#keys.length) this.#grow();
    return undefined;
  }

  #grow(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    const values = new Float64Array(keys.length);
    this.#keys.forEach((key, slot) => {
      if (key === 0) return;
      const to = slotOf(key, keys);
      keys[to] = key;
      values[to] = this.#values[slot]!;
    });
    this.#keys = keys;
    this.#values = values;
  }
}

/** Counts how often hashes came, in about 16 bytes a hash: a table of numbers, open addressing. */
export class HashTally {
  /** Each hash plus 1; 0 where a slot is free. */
  #slots = new Float64Array(SMALLEST);
  #used = 0;
  /** Of hashes that came more than once, how often: by their slots, which nobody can choose. */
  #repeated = new Map<number, number>();

  /** Counts a hash, a whole number under 2^53 - 1; gives how often it came before. */
  add(hash: number): number {
    const slot = slotOf(hash + 1, this.#slots);
    if (this.#slots[slot] === 0) {
      this.#slots[slot] = hash + 1;
      if (++this.#used * 2 > this.#slots.length) this.#grow();
      return 0;
    }
    const before = this.#repeated.get(slot) ?? 1;
    this.#repeated.set(slot, before + 1);
    return before;
  }

  #grow(): void {
    const larger = new Float64Array(this.#slots.length * 2);
    for (const key of this.#slots) if (key !== 0) larger[slotOf(key, larger)] = key;
    const repeated = new Map<number, number>();
    for (const [slot, times] of this.#repeated) repeated.set(slotOf(this.#slots[slot]!, larger), times);
    this.#repeated = repeated;
    this.#slots = larger;
  }
}

/** Where a key stands, or the free slot where it belongs. */
function slotOf(key: number, keys: Float64Array): number {
  let slot = seededSlot(key, keys.length);
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (keys.length - 1);
  return slot;
}
