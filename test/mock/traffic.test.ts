import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { MockRecords } from '../../src/mock/start.js';
import { wireOf } from '../../src/simulate/listener.js';
import { simulate } from '../../src/simulate/simulate.js';
import {
  bodyOf,
  CLIP,
  events,
  HEARD,
  NOW,
  ORGANIZATION,
  post,
  sessionId,
  standingClock,
  started,
} from './mocks.js';

/** What a player’s traffic draws, as rule and request. */
const found = (mock: MockRecords) => mock.findings().map(({ rule, request }) => `${rule} ${request}`);

test('a string beacon has the wrong type, a JSON Blob and a fetch the right one', async () => {
  const mock = await started();
  await post(mock.url, bodyOf(events(1)), { type: 'text/plain;charset=UTF-8' });
  await post(mock.url, bodyOf(events(2)), { type: 'application/json' });
  await post(mock.url, bodyOf(events(3)), { type: 'Application/JSON; charset=utf-8' });
  expect(found(mock)).toEqual(['content-type 0']);
  expect(mock.sessions().map(({ state }) => state)).toEqual(['error', 'ok', 'ok']);
});

test.each([
  ['none', '', ['organization-parameter 0']],
  ['no GUID', '?organizationId=x', ['organization-parameter 0']],
  ['another letter case', `?OrganizationID=${ORGANIZATION}`, []],
])('the organization in the URL: %s', async (_, query, rules) => {
  const mock = await started();
  await post(mock.url + query, bodyOf(events()), { organization: null });
  expect(found(mock)).toEqual(rules);
});

test.each([
  ['a slash at the end', '/api/consumption/events/', ['endpoint-path 0']],
  ['other letter case', '/API/consumption/Events', ['endpoint-path 0']],
  ['a space of its own', '/t/one/api/consumption/events/', ['endpoint-path 0']],
  ['none of these', '/api/consumption/events', []],
])('the path, with %s', async (_, path, rules) => {
  const mock = await started();
  await post(mock.baseUrl + path, bodyOf(events()));
  const [, space] = /^\/t\/(\w+)/.exec(path) ?? [];
  const records = space ? mock.space(space) : mock;
  expect(found(records)).toEqual(rules);
  expect(records.summary()).toMatchObject({ sessions: 1, unmatched: 0 });
});

test('of many valid sessions of two clips at once nothing is found, also where they end together', async () => {
  // Of ends with more than one decimal the mock has to know that they are ends.
  const clips = [
    { id: CLIP, seconds: 300.5 },
    { id: CLIP.replace('8', '7'), seconds: 300.53 },
  ];
  const start = NOW - 7 * 86_400;
  const made = [
    ...simulate({ sessions: 1500, seed: 9, clips, start, period: 3600, organization: ORGANIZATION }),
  ];
  const plays = made.map((session) => session.events.map(({ played }) => wireOf(played!)));
  const mock = await started();
  for (let i = 0; i < plays.length; i += 50) await post(mock.url, bodyOf(plays.slice(i, i + 50).flat()));
  expect(mock.findings({ atLeast: 'warning' })).toEqual([]);
  expect(mock.summary()).toMatchObject({ sessions: 1500, errors: 0, warnings: 0, diagnoses: 0 });
});

test('a body with no-break spaces between its values is told so, as in a file', async () => {
  const mock = await started();
  const copied = JSON.stringify(bodyOf(events())).replace('{"Source"', '{\u00a0"Source"');
  expect(await post(mock.url, copied)).toMatchObject({ status: 400 });
  expect(mock.findings()).toMatchObject([
    { rule: 'syntax', message: expect.stringContaining('no-break space'), column: 2 },
  ]);
});

test('a session sent again though it was taken is told apart from a retry', async () => {
  const mock = await started({ faults: ['reset-after@#1'] });
  await post(mock.url).catch(() => {});
  await post(mock.url);
  await post(mock.url);
  expect(found(mock)).toEqual(['session-resent 1', 'session-sent-again 2']);
});

test('sending on after Enabled: false is told, once the answer is a second old', async () => {
  let now = NOW;
  const mock = await started({
    clock: { ...standingClock(), unixSeconds: () => now, after: () => () => {} },
    faults: ['disabled@#1'],
  });
  await post(mock.url, bodyOf(events(1)));
  now += 0.5;
  await post(mock.url, bodyOf(events(2)));
  now += 5;
  await post(mock.url, bodyOf(events(0)));
  expect(found(mock)).toEqual(['sent-after-disabled 2']);
});

test('an answer that comes late counts from when it comes', async () => {
  let now = NOW;
  let run = () => {};
  const clock = {
    ...standingClock(),
    unixSeconds: () => now,
    after(_: number, timer: () => void) {
      run = timer;
      return () => {};
    },
  };
  const mock = await started({ clock, faults: ['delay=60s@#1'], enabled: false });
  const first = post(mock.url, bodyOf(events(0)));
  while (mock.summary().requests === 0) await new Promise((resolve) => setImmediate(resolve));
  now += 30;
  await post(mock.url, bodyOf(events(1)));
  expect(found(mock)).toEqual([]);
  run();
  await first;
});

test('a listener that was never removed is found', async () => {
  const mock = await started();
  const ids = { OrganizationId: ORGANIZATION, ClipId: CLIP };
  const stop = { Type: 'Stop', SeqNumber: 2, Position: 12.345, Timestamp: HEARD + 12 };
  const heard = (number: number) => {
    const start = { Type: 'Start', SeqNumber: 1, Position: number, Timestamp: HEARD + number };
    const last = { ...stop, SeqNumber: 3, Position: 20 + number, Timestamp: HEARD + 20 + number };
    return [start, stop, last].map((event) => ({ ...ids, SessionId: sessionId(number), ...event }));
  };
  await post(mock.url, bodyOf(heard(1)));
  await post(mock.url, bodyOf(heard(2)));
  expect(found(mock)).toContain('event-leaked 1');
});

test('after a reset, and in another space, nothing is known of what was before', async () => {
  const mock = await started();
  await post(mock.url);
  await post(mock.space('other').url);
  mock.reset();
  await post(mock.url);
  expect([...found(mock), ...mock.space('other').findings()]).toEqual([]);
});

const idsOf = (event: object) =>
  Object.fromEntries(Object.entries(event).filter(([name]) => name === 'SessionId' || name === 'ClipId'));

describe('cases from the field that are no leak', () => {
  const lines = (name: string): readonly string[] =>
    readFileSync(new URL(`../../fixtures/cases/${name}`, import.meta.url), 'utf8')
      .trim()
      .split('\n');

  test.each([
    ['two listeners of a clip who finish together', ['two-listeners-finish-together.ndjson']],
    ['tests with a fixed clock', ['fake-clock-1.json', 'fake-clock-2.json']],
  ])('%s', async (_, files) => {
    const mock = await started({ clock: { ...standingClock(), unixSeconds: () => 1_800_000_000 } });
    for (const body of files.flatMap(lines)) await post(mock.url, JSON.parse(body));
    expect(mock.sessions()).toHaveLength(2);
    expect(mock.findings().filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  test('but a Stop that stands in a session of another clip too is one, to a hundredth of a second', async () => {
    const mock = await started();
    const [first, stop] = events(1, { seconds: 12.25 });
    const [begun] = events(2, { clip: 'e5a2f0cd-64a1-49b1-a57c-aa1c00b6a3d2' });
    await post(mock.url, bodyOf([first!, stop!]));
    await post(
      mock.url,
      bodyOf([
        { ...begun, Position: 3 },
        { ...stop, ...idsOf(begun!) },
      ]),
    );
    expect(mock.findings().map(({ rule }) => rule)).toContain('event-leaked');
  });
});

test('diagnoses show in the summary, over HTTP and of all that arrived, each with its severity', async () => {
  const mock = await started({ rules: { 'position-stuck': 'error' } });
  for (let n = 1; n <= 4; n += 1) {
    const still = events(n, { seconds: 90 }).map((event) => ({ ...event, Position: 0 }));
    await post(mock.url, bodyOf(still));
  }
  const [diagnosis] = mock.diagnoses();
  expect(diagnosis).toMatchObject({ diagnosis: 'position-stuck', severity: 'error', sessions: 4, of: 4 });
  expect(mock.summary().diagnoses).toBe(1);
  expect(mock.total()).toMatchObject({ summary: { diagnoses: 1 }, diagnoses: [diagnosis] });
  expect(await (await fetch(`${mock.baseUrl}/_mock/summary`)).json()).toMatchObject({
    summary: { diagnoses: 1 },
  });
});
