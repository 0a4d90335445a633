import { expect, test } from 'vitest';
import { planOf } from '../../src/send/plan.js';
import { batches } from '../../src/write/batches.js';
import { heard, manyHeard, ORGANIZATIONS } from '../write/sessions.js';

const SETTINGS = { maxSessions: 10, maxBytes: 65_536, defaultSource: 'Custom' };
const [ONE, OTHER] = ORGANIZATIONS;

test('adds up what would be sent, for each organization and Source', async () => {
  const sessions = [
    ...manyHeard(20, { seconds: 60.25 }),
    heard(30, { organizationId: ONE.toUpperCase(), seconds: 1 }),
    ...manyHeard(5, { seconds: 60.25 }),
    heard(31, { organizationId: OTHER, source: 'CustomWeb', seconds: 0.5 }),
    heard(32, { organizationId: ONE, source: 'CustomWeb', seconds: 2 }),
  ];
  const plan = await planOf(batches(sessions, SETTINGS), 10);
  expect(plan).toMatchObject({
    requests: 5,
    sessions: 28,
    events: 56,
    playedSeconds: 25 * 60.25 + 3.5,
    organizations: 2,
    oversize: 0,
    seconds: 0.5,
  });
  expect(plan.groups).toMatchObject([
    { organizationId: ONE, source: 'Custom', requests: 3, sessions: 26, playedSeconds: 25 * 60.25 + 1 },
    { organizationId: OTHER, source: 'CustomWeb', requests: 1, sessions: 1, playedSeconds: 0.5 },
    { organizationId: ONE, source: 'CustomWeb', requests: 1, sessions: 1, playedSeconds: 2 },
  ]);
  let bytes = 0;
  for await (const { body } of batches(sessions, SETTINGS)) bytes += body.length;
  expect(plan.bytes).toBe(bytes);
  expect(plan.groups.reduce((sum, group) => sum + group.bytes, 0)).toBe(bytes);
});

test('counts sessions that are too large for the limit', async () => {
  const plan = await planOf(batches(manyHeard(3), { ...SETTINGS, maxBytes: 100 }));
  expect(plan).toMatchObject({ oversize: 3, requests: 3, seconds: null });
});
