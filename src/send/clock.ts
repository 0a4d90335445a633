/** Time as sending sees it: monotonic, never the time of day. Tests hand in one that does not wait. */
export interface Clock {
  /** Milliseconds from some fixed moment. */
  now(): number;
  /** Calls `run` once after so many milliseconds; gives what calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

/** Timers past it would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own monotonic clock and timers. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(delayMs, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};

/** Waits so many milliseconds, or until the signal is aborted: then it ends early, without an error. */
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

/** Unix seconds, with fractions, as the machine knew them when the process began: no jump of its clock moves them. */
export function unixNow(): number {
  return (performance.timeOrigin + performance.now()) / 1000;
}
