/** Time as the mock sees it. Tests hand in one that does not wait. */
export interface MockClock {
  /** Unix seconds, with fractions. */
  now(): number;
  /** Calls `run` once after so many milliseconds; gives what calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

/** The wall clock and timers of the machine. */
export const wallClock: MockClock = {
  now: () => Date.now() / 1000,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
