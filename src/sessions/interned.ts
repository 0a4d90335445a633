/** Values that repeat, each kept once and known by a number from 0. */
export class Interned<T extends string | number> {
  readonly #numbers = new Map<T, number>();
  readonly #values: T[] = [];

  /** @param most How many are kept. */
  constructor(readonly most: number) {}

  get size(): number {
    return this.#values.length;
  }

  /** The number of a value; undefined where there is no room for another, and for -0, which a Map takes for 0. */
  numberOf(value: T): number | undefined {
    if (Object.is(value, -0)) return undefined;
    const known = this.#numbers.get(value);
    if (known !== undefined || this.#values.length >= this.most) return known;
    this.#numbers.set(value, this.#values.length);
    return this.#values.push(value) - 1;
  }

  valueOf(number: number): T {
    return this.#values[number]!;
  }
}
