import type { MockClock } from './clock.js';
import { SETTLE_MS } from './limits.js';

/** Knows what is being taken, so that nothing which has reached this machine is lost when the mock stops. */
export class Settling {
  #active = 0;
  readonly #waiting = new Set<() => void>();

  constructor(readonly clock: MockClock) {}

  /** Does some work that is waited for. */
  async during(work: () => Promise<void>): Promise<void> {
    this.#active += 1;
    try {
      await work();
    } finally {
      this.#active -= 1;
      if (this.#active === 0) for (const resolve of this.#waiting) resolve();
    }
  }

  /** Waits until nothing is being taken, for so long at most. */
  async settled(): Promise<void> {
    // Each turn of the event loop accepts connections and reads what has come.
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (this.#active === 0) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        callOff();
        this.#waiting.delete(end);
        resolve();
      };
      const callOff = this.clock.after(SETTLE_MS, end);
      this.#waiting.add(end);
    });
  }
}
