import type { Clock } from '../../src/domain/clock.js';

/** Time that passes at once: whatever waits is called soon, in order of its time, with the clock set to it. */
export function jumpingClock(): Clock {
  let now = 0;
  let waiting: { readonly due: number; readonly run: () => void }[] = [];
  const jump = () => {
    const next = waiting.toSorted((one, other) => one.due - other.due)[0];
    if (next === undefined) return;
    waiting = waiting.filter((entry) => entry !== next);
    now = Math.max(now, next.due);
    next.run();
  };
  return {
    nowMs: () => now,
    unixSeconds: () => now / 1000,
    after(delayMs, run) {
      const entry = { due: now + delayMs, run };
      waiting.push(entry);
      setImmediate(jump);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
  };
}

/** Time that stands still until the test says that all waits are over. */
export function handClock(): Clock & { readonly delays: number[]; ring(): void } {
  let waiting: (() => void)[] = [];
  const delays: number[] = [];
  return {
    delays,
    nowMs: () => 0,
    unixSeconds: () => 0,
    after(delayMs, run) {
      delays.push(delayMs);
      waiting.push(run);
      return () => {
        waiting = waiting.filter((other) => other !== run);
      };
    },
    ring() {
      for (const run of waiting) run();
    },
  };
}
