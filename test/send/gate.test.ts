import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Gate, pacer } from '../../src/send/run.js';
import { handClock, jumpingClock } from './clocks.js';

const { signal } = new AbortController();

describe('a wait that an answer asks for holds all starts back', () => {
  test('also the start that is waiting for its turn at the rate', async () => {
    const clock = jumpingClock();
    const gate = new Gate(1, clock);
    await gate.pass(signal);
    clock.after(500, () => gate.hold(3000));
    await gate.pass(signal);
    expect(clock.nowMs()).toBe(3500);
  });

  test('also the start that waited for an earlier answer, and then for its turn', async () => {
    const clock = jumpingClock();
    const gate = new Gate(1, clock);
    await gate.pass(signal);
    gate.hold(100);
    clock.after(500, () => gate.hold(2000));
    await gate.pass(signal);
    expect(clock.nowMs()).toBe(2500);
  });

  test('also all that are waiting already, where a later answer asks for more', async () => {
    const clock = jumpingClock();
    const gate = new Gate(undefined, clock);
    gate.hold(100);
    clock.after(50, () => gate.hold(1000));
    const starts: number[] = [];
    const start = async () => {
      await gate.pass(signal);
      starts.push(clock.nowMs());
    };
    await Promise.all([start(), start(), start()]);
    expect(starts).toEqual([1050, 1050, 1050]);
  });

  test('and the shorter of two waits takes nothing from the longer', async () => {
    const clock = jumpingClock();
    const gate = new Gate(undefined, clock);
    gate.hold(1000);
    gate.hold(100);
    await gate.pass(signal);
    expect(clock.nowMs()).toBe(1000);
  });

  test('until the run is stopped', async () => {
    const clock = jumpingClock();
    const stop = new AbortController();
    const gate = new Gate(undefined, clock);
    gate.hold(60_000);
    clock.after(10, () => stop.abort());
    await gate.pass(stop.signal);
    expect(clock.nowMs()).toBe(10);
  });
});

test('without a rate and without a wait a start may be at once', () => {
  expect(new Gate(undefined, jumpingClock()).pass(signal)).toBeUndefined();
});

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
