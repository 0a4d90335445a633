const MAX_DISTANCES = 4096;

/** The median, or the lower of the two middle numbers; undefined without numbers. */
export function medianOf(numbers: readonly number[]): number | undefined {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];
}

/**
 * The median of any number of whole numbers, in bounded memory. It is exact for up to 4,096 different numbers. Beyond
 * that, numbers are rounded down to multiples of a step (1, 2, 4, ...): the smallest that leaves at most 4,096. The
 * result does not depend on the order.
 */
export class DistanceTally {
  #step = 1;
  #counts = new Map<number, number>();
  #total = 0;

  add(distance: number): void {
    this.#total += 1;
    this.#count(Math.floor(distance / this.#step), 1);
    while (this.#counts.size > MAX_DISTANCES) this.#coarsen();
  }

  /** The median; undefined where no number was added. */
  median(): number | undefined {
    const middle = Math.floor((this.#total - 1) / 2);
    let seen = 0;
    for (const [key, count] of [...this.#counts].toSorted(([a], [b]) => a - b)) {
      seen += count;
      if (seen > middle) return key * this.#step;
    }
    return undefined;
  }

  #count(key: number, count: number): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  #coarsen(): void {
    const finer = this.#counts;
    this.#counts = new Map();
    this.#step *= 2;
    for (const [key, count] of finer) this.#count(Math.floor(key / 2), count);
  }
}
