import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pacer } from '../../src/send/gate.js';
import { handClock, jumpingClock } from './clocks.js';

const { signal } = new AbortController();

test('starts are spaced evenly', async () => {
  const clock = jumpingClock();
  const turn = pacer(4, clock);
  const starts: number[] = [];
  for (let index = 0; index < 5; index += 1) {
    await turn(signal);
    starts.push(clock.nowMs());
  }
  expect(starts).toEqual([0, 250, 500, 750, 1000]);
});

test('after a lull there is no burst', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 90 }),
      fc.array(fc.nat(2000), { minLength: 1, maxLength: 30 }),
      async (rate, lulls) => {
        const clock = jumpingClock();
        const turn = pacer(rate, clock);
        const starts: number[] = [];
        for (const lull of lulls) {
          await new Promise<void>((resolve) => void clock.after(lull, resolve));
          await turn(signal);
          starts.push(clock.nowMs());
        }
        for (let index = 2; index < starts.length; index += 1) {
          const three = starts[index]! - starts[index - 2]!;
          expect(three).toBeGreaterThanOrEqual(2 * (1000 / rate) - 10 - 1e-6);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('a rate faster than timers is kept on average', async () => {
  const clock = jumpingClock();
  const turn = pacer(5000, clock);
  for (let index = 0; index < 1000; index += 1) await turn(signal);
  expect(clock.nowMs()).toBeGreaterThan(150);
  expect(clock.nowMs()).toBeLessThan(200.1);
});

test.each([undefined, Number.POSITIVE_INFINITY])('without a rate nothing waits (%s)', async (rate) => {
  const clock = handClock();
  const turn = pacer(rate, clock);
  await turn(signal);
  await turn(signal);
  expect(clock.delays).toEqual([]);
});

test('a wait ends when the run is stopped', async () => {
  const stop = new AbortController();
  const turn = pacer(0.001, handClock());
  await turn(stop.signal);
  const second = turn(stop.signal);
  stop.abort();
  await second;
  await turn(stop.signal);
});
