import { expect, test } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import { parseScript } from '../../src/simulate/script.js';
import { PROFILES, SIMULATE_DEFAULTS, type SimulateOptions, simulate } from '../../src/simulate/simulate.js';

const ID = '7a4df1b1-1c20-4c77-9d2c-8f0f6a1f2a10';

test.each<[string, Partial<SimulateOptions>, RegExp]>([
  ['a seed that is not whole', { seed: 0.5 }, /seed.*0\.5/],
  ['a seed past 2^53', { seed: 2 ** 53 }, /seed/],
  ['half a session', { sessions: 1.5 }, /sessions.*1\.5/],
  ['fewer than no sessions', { sessions: -1 }, /sessions.*-1/],
  ['a start in milliseconds', { start: 1_736_121_600_000 }, /unix seconds.*1736121600000/],
  ['a period of nothing', { period: 0 }, /period.*0/],
  ['a NaN', { period: Number.NaN }, /period.*NaN/],
  ['an organization that is no GUID', { organization: 'acme' }, /organization.*acme/],
  ['an organization of zeros', { organization: '00000000-0000-0000-0000-000000000000' }, /organization/],
  ['a clip that is no GUID', { clips: [{ id: 'x' }] }, /clip.*x/],
  ['no clip', { clips: [] }, /at least one clip/],
  ['a clip of no length', { clips: [{ id: ID, seconds: 0 }] }, /at least 1 second/],
  ['weights that add up to nothing', { profiles: [{ name: 'binge', weight: 0 }] }, /weight/],
  ['a negative weight', { profiles: [{ name: 'binge', weight: -1 }] }, /binge.*-1/],
  ['a profile that is none', { profiles: [{ name: 'sleeper' as 'binge', weight: 1 }] }, /drop-off.*sleeper/],
  ['shard 0', { shard: { index: 0, count: 2 } }, /1\/N.*0\/2/],
  ['a shard past the last', { shard: { index: 3, count: 2 } }, /3\/2/],
  ['a share above 1', { faults: [{ rule: 'seq-gap', share: 1.1 }] }, /share.*seq-gap.*1\.1/],
  [
    'shares above 1 together',
    {
      faults: [
        { rule: 'seq-gap', share: 1 },
        { rule: 'seq-start', share: 1 },
      ],
    },
    /one fault.*2/,
  ],
  [
    'faults on a clip without room for them',
    { clips: [{ id: ID, seconds: 30 }], faults: [{ rule: 'seq-gap', share: 1 }] },
    /60 s/,
  ],
  [
    'faults of a script',
    { script: parseScript('play 1s'), faults: [{ rule: 'seq-gap', share: 1 }] },
    /script/,
  ],
])('%s is refused at once, in one line', (_, options, message) => {
  const made = (): unknown => simulate({ seed: 1, ...options });
  expect(made).toThrow(UserError);
  expect(made).toThrow(message);
});

test('absent options have the documented defaults', () => {
  expect(SIMULATE_DEFAULTS).toMatchObject({
    sessions: 100,
    start: Date.UTC(2025, 0, 6) / 1000,
    period: 604_800,
  });
  expect([...simulate({ seed: 1, sessions: undefined, profiles: undefined })]).toHaveLength(100);
  expect(SIMULATE_DEFAULTS.profiles.map(({ name }) => name)).toEqual(
    PROFILES.filter((name) => name !== 'tester'),
  );
  expect(SIMULATE_DEFAULTS.profiles.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
});

test('no sessions are no sessions', () => {
  expect([...simulate({ seed: 1, sessions: 0 })]).toEqual([]);
});
