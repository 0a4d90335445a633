/** Limits on how much a `NewestMap` holds. */
export interface NewestBounds<V> {
  readonly maxCount: number;
  readonly maxWeight?: number;
  /** The size of an entry; 0 by default. */
  readonly weigh?: (value: V) => number;
}

/**
 * A map that drops its oldest entries in constant time. (To find the first entry, a `Map` steps over all entries
 * deleted before it: with 100,000 entries, this takes 0.1 ms each time.)
 */
export class NewestMap<K, V> {
  readonly #map = new Map<K, V>();
  readonly #maxCount: number;
  readonly #maxWeight: number;
  readonly #weigh: ((value: V) => number) | undefined;
  #weight = 0;
  /**
   * An iterator that has passed the dropped entries. It keeps old storage of the map in memory until its next use, so
   * the iterator must not stay unused for long.
   */
  #oldest: Iterator<K> | null = null;

  constructor({ maxCount, maxWeight, weigh }: Partial<NewestBounds<V>> = {}) {
    this.#maxCount = maxCount ?? Number.POSITIVE_INFINITY;
    this.#maxWeight = maxWeight ?? Number.POSITIVE_INFINITY;
    this.#weigh = weigh;
  }

  get size(): number {
    return this.#map.size;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  /** Sets an entry; an existing key keeps its age. Returns the values dropped to make room, perhaps including the new one. */
  set(key: K, value: V): readonly V[] {
    if (this.#weigh) {
      this.#subtract(this.#map.get(key));
      this.#weight += this.#weigh(value);
    }
    this.#map.set(key, value);
    if (!this.#isOver()) return NONE;
    const dropped: V[] = [];
    while (this.#isOver() && this.#map.size > 0) {
      dropped.push(this.forgetOldest()![1]);
    }
    return dropped;
  }

  delete(key: K): boolean {
    this.#oldest = null;
    this.#subtract(this.#map.get(key));
    return this.#map.delete(key);
  }

  /** Oldest first. */
  values(): Iterable<V> {
    return this.#map.values();
  }

  /** Drops the oldest entry and returns it; null if the map is empty. */
  forgetOldest(): readonly [K, V] | null {
    this.#oldest ??= this.#map.keys();
    const next = this.#oldest.next();
    if (next.done) {
      this.#oldest = null;
      return this.#map.size === 0 ? null : this.forgetOldest();
    }
    const key = next.value;
    const value = this.#map.get(key) as V;
    this.#subtract(value);
    this.#map.delete(key);
    return [key, value];
  }

  #isOver(): boolean {
    return this.#map.size > this.#maxCount || this.#weight > this.#maxWeight;
  }

  #subtract(value: V | undefined): void {
    if (this.#weigh && value !== undefined) this.#weight -= this.#weigh(value);
  }
}

const NONE: readonly never[] = [];

/** The newest of the added items, in order. */
export class Newest<T> {
  readonly #items: NewestMap<number, T>;
  #added = 0;

  constructor(bounds: NewestBounds<T>) {
    this.#items = new NewestMap(bounds);
  }

  /** Adds an item, and returns those dropped to make room. */
  add(item: T): readonly T[] {
    this.#added += 1;
    return this.#items.set(this.#added, item);
  }

  get size(): number {
    return this.#items.size;
  }

  /** Oldest first. */
  items(): T[] {
    return [...this.#items.values()];
  }
}
