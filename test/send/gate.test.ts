import { describe, expect, test } from 'vitest';
import { Gate } from '../../src/send/gate.js';
import { jumpingClock } from './clocks.js';

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
