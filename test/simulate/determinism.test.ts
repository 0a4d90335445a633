import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isGuid, isSimulatedId } from '../../src/domain/guid.js';
import { type SimulateOptions, simulate } from '../../src/simulate/simulate.js';
import { eventValue } from '../../src/write/events.js';
import { casesOf } from '../cases.js';

const anySeed = fc.maxSafeInteger();

function written(options: SimulateOptions): string[] {
  return [...simulate(options)].map(({ events }) =>
    events.map((e) => JSON.stringify(eventValue(e, undefined))).join('\n'),
  );
}

function hash(options: SimulateOptions): string {
  return createHash('sha256').update(written(options).join('\n')).digest('hex');
}

describe('the same seed and settings give the same bytes', () => {
  // A change of these hashes is a change of every user's data: it belongs in the release notes.
  test.each([
    ['the default', { seed: 1 }, '5b8342f5e31cdeb9c39b665407c9175bab33816354d4f3ebc07141c556848005'],
    [
      'a negative seed',
      { seed: -(2 ** 53 - 1), sessions: 50, source: 'CustomWeb' },
      'b6c3194905d6e24ce6b5534f7140b1922bf8eaecceb2edc0dba57ad49cfd74c1',
    ],
    [
      'faults',
      {
        seed: 7,
        sessions: 64,
        faults: [
          { rule: 'seq-gap', share: 0.5 },
          { rule: 'guid-format', share: 0.25 },
        ],
      },
      '1d03b55f05c6c8c54480871432ff9d890ce092f8d10ed9ae9269948079ee4412',
    ],
  ] as const)('%s', (_, options, golden) => {
    expect(hash(options)).toBe(golden);
  });
});

test('session k does not depend on how many others are made', () => {
  fc.assert(
    fc.property(anySeed, fc.nat(40), fc.nat(40), (seed, few, more) => {
      const all = written({ seed, sessions: few + more });
      expect(written({ seed, sessions: few })).toEqual(all.slice(0, few));
    }),
    { numRuns: casesOf(60) },
  );
});

test('shards put together are the whole: block b belongs to shard b mod N + 1', () => {
  fc.assert(
    fc.property(anySeed, fc.nat(70), fc.integer({ min: 1, max: 5 }), (seed, sessions, count) => {
      const whole = written({ seed, sessions });
      const shards = Array.from({ length: count }, (_, n) =>
        written({ seed, sessions, shard: { index: n + 1, count } }),
      );
      const together = shards.map((shard) => shard.values());
      const merged = whole.map((_, k) => together[Math.floor(k / 8) % count]!.next().value);
      expect(merged).toEqual(whole);
      expect(shards.flat()).toHaveLength(sessions);
    }),
    { numRuns: casesOf(60) },
  );
});

test('sound sessions are the same whether others are broken or not', () => {
  const sound = written({ seed: 3, sessions: 80 });
  const sessions = [...simulate({ seed: 3, sessions: 80, faults: [{ rule: 'seq-start', share: 0.3 }] })];
  const mixed = written({ seed: 3, sessions: 80, faults: [{ rule: 'seq-start', share: 0.3 }] });
  expect(sessions.filter(({ fault }) => fault)).toHaveLength(24);
  for (const [k, { fault }] of sessions.entries()) expect(mixed[k] === sound[k]).toBe(fault === null);
});

describe('SessionIds', () => {
  test('are marked as simulated, well formed, and in lower case', () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        for (const { key, events } of simulate({ seed, sessions: 16 })) {
          expect(isGuid(key) && isSimulatedId(key)).toBe(true);
          expect(key).toMatch(/^5eed[0-9a-f]{4}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
          expect(new Set(events.map(({ sound }) => sound?.sessionId))).toEqual(new Set([key]));
        }
      }),
      { numRuns: casesOf(50) },
    );
  });

  test('never meet again: within a seed, between seeds that lie close, between settings', () => {
    const ids = new Set<string>();
    const add = (options: SimulateOptions): number => {
      for (const { key } of simulate({ ...options, profiles: [{ name: 'bounce', weight: 1 }] })) ids.add(key);
      return options.sessions!;
    };
    let made = 0;
    for (const seed of [0, 1, 2, -1, 2 ** 32, 2 ** 32 + 1, -(2 ** 32), 2 ** 53 - 1, -(2 ** 53) + 1])
      made += add({ seed, sessions: 2000 });
    made += add({ seed: 0, sessions: 2000, start: 1_740_000_000 });
    made += add({ seed: 0, sessions: 2000, source: 'Custom' });
    expect(ids.size).toBe(made);
  });
});
