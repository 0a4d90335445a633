const SMALLEST = 1024;

/** Counts how often hashes came, in about 16 bytes a hash: a table of numbers, open addressing. */
export class HashTally {
  /** Each hash plus 1; 0 where a slot is free. */
  #slots = new Float64Array(SMALLEST);
  #used = 0;
  /** Of hashes that came more than once, how often. */
  readonly #repeated = new Map<number, number>();

  /** Counts a hash, a whole number under 2^53 - 1; gives how often it came before. */
  add(hash: number): number {
    const slot = slotOf(hash + 1, this.#slots);
    if (this.#slots[slot] === 0) {
      this.#slots[slot] = hash + 1;
      if (++this.#used * 2 > this.#slots.length) this.#grow();
      return 0;
    }
    const before = this.#repeated.get(hash) ?? 1;
    this.#repeated.set(hash, before + 1);
    return before;
  }

  #grow(): void {
    const larger = new Float64Array(this.#slots.length * 2);
    for (const key of this.#slots) if (key !== 0) larger[slotOf(key, larger)] = key;
    this.#slots = larger;
  }
}

/** Where a key stands, or the free slot where it belongs. */
function slotOf(key: number, slots: Float64Array): number {
  let slot = key % slots.length;
  while (slots[slot] !== 0 && slots[slot] !== key) slot = (slot + 1) % slots.length;
  return slot;
}
