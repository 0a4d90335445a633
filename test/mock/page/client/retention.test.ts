import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsAsPlay, RULES_OF_REQUESTS } from '../../../../src/mock/page/client/request-log.js';
import { binFor, retention } from '../../../../src/mock/page/client/retention.js';
import type { MockInterval } from '../../../../src/mock/page-data.js';
import { RULES } from '../../../../src/rules/index.js';

const heard = (...parts: [number, number][]): MockInterval[] => parts.map(([from, to]) => [from, to, 0, 0]);

const plays = fc.array(
  fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 90 }))
      .map(([a, b]) => [a / 2, b / 2] as const),
    { maxLength: 5 },
  ),
  { maxLength: 5 },
);

describe('retention', () => {
  it('is what the report gives for its own example', () => {
    const given = retention([heard([0, 16]), heard([0, 16], [20, 40])], 40, 10);
    expect(given).toEqual({ bin: 10, duration: 40, plays: 2, heard: [2, 2, 1, 1] });
  });

  it('counts in each bin the plays that heard its middle', () => {
    fc.assert(
      fc.property(
        plays,
        fc.integer({ min: 1, max: 45 }),
        fc.integer({ min: 1, max: 7 }),
        (all, duration, bin) => {
          const given = retention(
            all.map((parts) => heard(...parts.map(([a, b]): [number, number] => [a, b]))),
            duration,
            bin,
          );
          expect(given.heard).toHaveLength(Math.ceil(duration / bin));
          given.heard.forEach((count, i) => {
            const middle = (i * bin + Math.min(duration, (i + 1) * bin)) / 2;
            expect(count).toBe(
              all.filter((parts) => parts.some(([a, b]) => a <= middle && middle < b)).length,
            );
          });
        },
      ),
    );
  });

  it('is drawn in at most some 300 bins', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), (duration) => {
        expect(duration / binFor(duration)).toBeLessThan(301);
      }),
    );
  });
});

describe('a verified play', () => {
  const finding = (rule: string, severity: string) => ({ rule, severity }) as never;

  it.each([
    ['long enough', 10, [], true],
    ['too short', 9.999, [], false],
    ['its intervals not known', null, [], false],
    ['an error of its events', 60, [finding('seq-gap', 'error')], false],
    ['a warning', 60, [finding('session-open', 'warning')], true],
    ['an error of its request', 60, [finding('content-type', 'error')], true],
  ])('%s', (_name, played, findings, expected) => {
    expect(countsAsPlay({ played, findings }, 10)).toBe(expected);
  });

  it('knows the rules about requests', () => {
    const levels = Object.values(RULES).map(({ id, level }) => [id, level] as const);
    const about = levels.filter(([, level]) => level === 'request').map(([id]) => id);
    expect(RULES_OF_REQUESTS).toEqual(expect.arrayContaining(about));
    expect(levels.filter(([id, level]) => level !== 'request' && RULES_OF_REQUESTS.includes(id))).toEqual([]);
  });
});
