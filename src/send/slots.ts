/** Room for so many things at once. */
export class Slots {
  readonly #capacity: number;
  #free: number;
  #waiting: (() => void)[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#free = capacity;
  }

  /** Waits for a free slot and takes it. */
  async take(): Promise<void> {
    while (this.#free === 0) await this.#change();
    this.#free -= 1;
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

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
