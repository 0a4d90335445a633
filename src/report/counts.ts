/** Whole numbers by index, from 0 on, growing as they are needed. */
export class Counts {
  #values: Int32Array;

  constructor(capacity = 16) {
    this.#values = new Int32Array(capacity);
  }

  add(index: number, amount = 1): void {
    if (index >= this.#values.length) {
      const grown = new Int32Array(Math.max(index + 1, 2 * this.#values.length));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[index] = (this.#values[index] ?? 0) + amount;
  }

  /** The first `length`; what stands past them is added to the last. */
  folded(length: number): number[] {
    const values = Array.from({ length }, (_, i) => this.#values[i] ?? 0);
    if (length > 0)
      values[length - 1] = this.#values.subarray(length - 1).reduce((sum, value) => sum + value, 0);
    return values;
  }

  /** The first `length` running sums. */
  sums(length: number): number[] {
    let sum = 0;
    return Array.from({ length }, (_, i) => {
      sum += this.#values[i] ?? 0;
      return sum;
    });
  }
}
