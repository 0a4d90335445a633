import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelsOf, PROFILES, type SimulatedSession, simulate } from '../../src/simulate/simulate.js';
import { casesOf } from '../cases.js';
import { findingsOf } from './judged.js';

/** Nothing but infos, and those that the labels tell. */
function expectClean(sessions: readonly SimulatedSession[], clipDurations = new Map<string, number>()): void {
  const findings = findingsOf(sessions, { clipDurations });
  for (const session of sessions) {
    const found = findings.get(session.key) ?? [];
    if (found.some((rule) => rule !== 'session-too-short'))
      expect.fail(`${session.profile} ${session.key}: ${found.join()}`);
    if (found.join() !== labelsOf(session)[0]!.findings.join())
      expect.fail(`${session.key}: another label than ${found.join()}`);
  }
  expect(findings.get(null)).toBeUndefined();
}

describe('a simulation is clean under the real checks', () => {
  test('the default mix, seed after seed', () => {
    for (let seed = 0; seed < casesOf(10_000); seed += 1) expectClean([...simulate({ seed, sessions: 16 })]);
  }, 300_000);

  test.each(PROFILES)('profile %s alone, any seed', (name) => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        expectClean([...simulate({ seed, sessions: 24, profiles: [{ name, weight: 1 }] })]);
      }),
      { numRuns: casesOf(60) },
    );
  });

  test('clips of any length, whose durations the checks know', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.array(
          fc.tuple(
            fc.uuid(),
            fc.oneof(fc.double({ min: 1, max: 20_000, noNaN: true }), fc.integer({ min: 1, max: 90 })),
          ),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        (seed, durations) => {
          const clips = durations.map(([id, seconds]) => ({ id, seconds }));
          expectClean([...simulate({ seed, sessions: 24, clips })], new Map(durations));
        },
      ),
      { numRuns: casesOf(150) },
    );
  });

  test('sessions end within days of the period, and before it begins none', () => {
    const start = 1_736_121_600;
    for (const { events } of simulate({
      seed: 5,
      sessions: casesOf(20_000),
      profiles: [{ name: 'pauser', weight: 1 }],
    })) {
      expect(events[0]!.played!.timestamp).toBeGreaterThanOrEqual(start);
      expect(events[0]!.played!.timestamp).toBeLessThan(start + 7 * 86_400);
      expect(events.at(-1)!.played!.timestamp).toBeLessThan(start + 11 * 86_400);
    }
  });
});
