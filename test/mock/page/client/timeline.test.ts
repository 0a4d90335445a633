import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breaks, farthest, stretches } from '../../../../src/mock/page/client/timeline.js';
import type { MockInterval } from '../../../../src/mock/page-data.js';

const interval = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
  .map(([from, to]): MockInterval => [from, to, 0, 0]);

describe('the parts heard', () => {
  it.each<[string, MockInterval[], [number, number, number][]]>([
    ['one', [[0, 10, 0, 10]], [[0, 10, 1]]],
    ['none', [], []],
    [
      'a pause leaves no seam',
      [
        [0, 10, 0, 10],
        [10, 20, 50, 60],
      ],
      [[0, 20, 1]],
    ],
    [
      'a part twice',
      [
        [0, 10, 0, 10],
        [5, 15, 10, 20],
      ],
      [
        [0, 5, 1],
        [5, 10, 2],
        [10, 15, 1],
      ],
    ],
    ['backwards is not heard', [[10, 5, 0, 10]], []],
  ])('%s', (_name, intervals, expected) => {
    expect(stretches(intervals).map(({ from, to, times }) => [from, to, times])).toEqual(expected);
  });

  it('count, second by second, how many intervals hold it', () => {
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 12 }), (intervals) => {
        const found = stretches(intervals);
        for (let second = 0; second < 60; second += 1) {
          const holds = ([from, to]: readonly number[]) => from! <= second && second < to!;
          const times = found.find(({ from, to }) => holds([from, to]))?.times ?? 0;
          expect(times).toBe(intervals.filter(holds).length);
        }
        expect(found.every(({ from, to }, i) => from < to && (i === 0 || found[i - 1]!.to <= from))).toBe(
          true,
        );
      }),
    );
  });
});

describe('the breaks between', () => {
  it.each<[string, MockInterval, MockInterval, object]>([
    ['a pause', [0, 10, 0, 10], [10, 20, 70, 80], { kind: 'pause', from: 10, to: 10, clock: 60 }],
    ['a pause, a second off', [0, 10, 0, 10], [9, 20, 70, 80], { kind: 'pause', from: 10, to: 9, clock: 60 }],
    ['a jump ahead', [0, 10, 0, 10], [11.001, 20, 10, 20], { kind: 'ahead', from: 10, to: 11.001, clock: 0 }],
    ['a jump back', [0, 10, 0, 10], [8, 20, 10, 20], { kind: 'back', from: 10, to: 8, clock: 0 }],
  ])('%s', (_name, one, next, expected) => {
    expect(breaks([one, next])).toEqual([expected]);
  });

  it('of nothing are none', () => {
    expect([breaks([]), farthest([])]).toEqual([[], 0]);
  });
});
