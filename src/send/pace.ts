import { type Clock, pause } from './clock.js';

/** Waits for the next start that the rate allows; ends early where the signal is aborted. */
export type Turn = (signal: AbortSignal) => Promise<void>;

/** A timer fires late: starts that are behind by up to this are caught up with, so that the rate is kept. */
const CATCH_UP_MS = 10;

/** Spaces starts evenly at `rate` a second; without a rate no start waits. What was missed in a lull is not made up for in a burst. */
export function pacer(rate: number | undefined, clock: Clock): Turn {
  if (rate === undefined || rate === Number.POSITIVE_INFINITY) return async () => {};
  const interval = 1000 / rate;
  let due: number | null = null;
  return async (signal) => {
    const now = clock.now();
    due = due === null ? now : Math.max(due + interval, now - CATCH_UP_MS);
    const wait = due - now;
    if (wait > 0) await pause(clock, wait, signal);
  };
}
