/** Keeps the newest of what is added, bounded by number and by weight. */
export class Newest<T> {
  #items: (T | undefined)[] = [];
  /** Where in `#items` the oldest kept one stands. */
  #from = 0;
  #weight = 0;

  /** @param most How many are kept. */
  constructor(
    readonly most: number,
    readonly mostWeight = Number.POSITIVE_INFINITY,
    readonly weigh: (item: T) => number = () => 0,
  ) {}

  /** Adds one, and gives those that are let go for it. */
  add(item: T): readonly T[] {
    this.#items.push(item);
    this.#weight += this.weigh(item);
    const gone: T[] = [];
    while (this.size > this.most || (this.#weight > this.mostWeight && this.size > 0)) {
      const oldest = this.#items[this.#from]!;
      gone.push(oldest);
      this.#weight -= this.weigh(oldest);
      this.#items[this.#from] = undefined;
      this.#from += 1;
    }
    if (this.#from > 1024 && this.#from > this.#items.length / 2) {
      this.#items = this.#items.slice(this.#from);
      this.#from = 0;
    }
    return gone;
  }

  get size(): number {
    return this.#items.length - this.#from;
  }

  /** Oldest first. */
  items(): T[] {
    return this.#items.slice(this.#from) as T[];
  }
}
