/** Room for so many things at once. */
export class Slots {
  readonly #capacity: number;
  #free: number;
  #waiting: (() => void)[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#free = capacity;
  }

  /** Takes a slot: undefined where one is free, else what is to be waited for. */
  take(): Promise<void> | undefined {
    if (this.#free === 0) return this.#wait();
    this.#free -= 1;
    return undefined;
  }

  give(): void {
    this.#free += 1;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Waits until all slots are free. */
  async idle(): Promise<void> {
    while (this.#free < this.#capacity) await this.#change();
  }

  async #wait(): Promise<void> {
    while (this.#free === 0) await this.#change();
    this.#free -= 1;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
