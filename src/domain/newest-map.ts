/**
 * A map that can let go of its oldest entry in constant time. (The first entry of a `Map` is found behind all that were deleted before
 * it: with 100,000 entries that is a tenth of a millisecond each time.)
 */
export class NewestMap<K, V> {
  readonly #map = new Map<K, V>();
  /** Stands behind what has been forgotten. An iterator keeps alive what the map has outgrown since it was last asked: never keep an idle one. */
  #oldest: Iterator<K> | null = null;

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  /** A key that is there already keeps its age. */
  set(key: K, value: V): void {
    this.#map.set(key, value);
  }

  delete(key: K): boolean {
    this.#oldest = null;
    return this.#map.delete(key);
  }

  /** Oldest first. */
  values(): Iterable<V> {
    return this.#map.values();
  }

  /** Lets go of the oldest entry, and gives it; null where there is none. */
  forgetOldest(): readonly [K, V] | null {
    this.#oldest ??= this.#map.keys();
    const next = this.#oldest.next();
    if (next.done) {
      this.#oldest = null;
      return this.#map.size === 0 ? null : this.forgetOldest();
    }
    const key = next.value;
    const value = this.#map.get(key) as V;
    this.#map.delete(key);
    return [key, value];
  }
}
