/** The clock that the program uses. Tests pass a clock that does not wait. */
export interface Clock {
  /** Milliseconds since some fixed moment; never decreases. */
  nowMs(): number;
  /** The time of day: Unix seconds, with fractions. */
  unixSeconds(): number;
  /** Calls `run` once after this many milliseconds. The returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** A longer timer would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clocks and timers. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  unixSeconds: () => Date.now() / 1000,
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(delayMs, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** Waits for this many milliseconds, or until the signal is aborted. On an abort, it ends early, without an error. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(delayMs, end);
    signal.addEventListener('abort', end);
  });
}
