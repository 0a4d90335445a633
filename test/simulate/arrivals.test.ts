import { expect, test } from 'vitest';
import { simulate } from '../../src/simulate/simulate.js';

const sessions = [...simulate({ seed: 6, sessions: 30_000, profiles: [{ name: 'bounce', weight: 1 }] })];
const starts = sessions.map(({ events }) => new Date(events[0]!.played!.timestamp * 1000));

/** The share of sessions that begin in an hour from `from` to below `to`. */
function between(from: number, to: number): number {
  return (
    starts.filter((start) => start.getUTCHours() >= from && start.getUTCHours() < to).length / starts.length
  );
}

function on(day: number): number {
  return starts.filter((start) => start.getUTCDay() === day).length / starts.length;
}

test('the day has Edison’s shape: 24 % from 6 to 10, 28 % to 14, 21 % to 18, 3 % at night', () => {
  expect(between(6, 10)).toBeCloseTo(0.24, 1);
  expect(between(10, 14)).toBeCloseTo(0.28, 1);
  expect(between(14, 18)).toBeCloseTo(0.21, 1);
  expect(between(2, 6)).toBeLessThan(0.05);
});

test('the week is busiest on Wednesday and quietest on Sunday', () => {
  for (const day of [5, 6, 0]) expect(on(day)).toBeLessThan(on(3));
  for (const day of [1, 2, 3, 4, 5]) expect(on(day)).toBeGreaterThan(on(6));
  expect(on(0)).toBeLessThan(on(6));
  expect(on(0) / on(3)).toBeGreaterThan(0.5);
});

test('a period shorter than an hour, in the night, is filled too', () => {
  const profiles = [{ name: 'complete', weight: 1 }] as const;
  for (const { events } of simulate({ seed: 1, sessions: 200, start: 1_736_132_400, period: 10, profiles })) {
    const { timestamp } = events[0]!.played!;
    expect(timestamp).toBeGreaterThanOrEqual(1_736_132_400);
    expect(timestamp).toBeLessThan(1_736_132_410);
  }
});
