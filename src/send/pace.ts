import { type Clock, pause } from './clock.js';

/** Waits for the next start that the rate allows; ends early where the signal is aborted. Undefined: it may be now. */
export type Turn = (signal: AbortSignal) => Promise<void> | undefined;

/** A timer fires late: starts that are behind by up to this are caught up with, so that the rate is kept. */
const CATCH_UP_MS = 10;

/** Spaces starts evenly at `rate` a second; without a rate no start waits. What was missed in a lull is not made up for in a burst. */
export function pacer(rate: number | undefined, clock: Clock): Turn {
  if (rate === undefined || rate === Number.POSITIVE_INFINITY) return () => undefined;
  const interval = 1000 / rate;
  let due: number | null = null;
  return (signal) => {
    const now = clock.now();
    due = due === null ? now : Math.max(due + interval, now - CATCH_UP_MS);
    const wait = due - now;
    return wait > 0 ? pause(clock, wait, signal) : undefined;
  };
}
