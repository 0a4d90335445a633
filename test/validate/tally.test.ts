import { expect, it } from 'vitest';
import { Session } from '../../src/domain/session.js';
import { readInputs } from '../../src/read/read.js';
import { inspect } from '../../src/validate/inspect.js';
import { type InspectedSession, Tally } from '../../src/validate/inspected.js';
import { chunked } from '../read/reading.js';
import { SETTINGS } from '../rules/run.js';

const IDS =
  '"OrganizationId":"126281f8-200e-4c9f-8378-a4870055423b","ClipId":"9b5c82f7-74cf-4841-a870-a670017cc8eb"';
const event = (session: string, type: string, seqNumber: number) =>
  `{${IDS},"SessionId":"${session}","Type":"${type}","Position":${30 * seqNumber},"SeqNumber":${seqNumber},"Timestamp":${1540270724 + 30 * seqNumber}}`;
const SESSION = 'a039f83d-1916-436b-a090-efbc08698506';
const HEARD = [event(SESSION, 'Start', 1), event(SESSION, 'Stop', 2)];
const BODY = `{"Source":"Custom","Events":[${HEARD.join(',')}],"Completed":true}`;

async function tallied(text: string): Promise<Tally> {
  const tally = new Tally();
  const inputs = readInputs([{ name: 'a.ndjson', bytes: chunked(text) }]);
  for await (const chunk of inspect(inputs, SETTINGS)) for (const inspected of chunk) tally.add(inspected);
  return tally;
}

it.each([
  ['', true],
  ['\n', true],
  ['[]', true],
  ['{', false],
  ['5', false],
  ['{"Source":"Custom","Events":[],"Completed":true}', false],
  [event('x', 'Start', 1), false],
  [HEARD.join('\n'), false],
])('%s is nothing: %s', async (text, nothing) => {
  expect((await tallied(text)).nothing).toBe(nothing);
});

/** A session of which this was played. */
function played(playedMs: number): InspectedSession {
  const verdict = {
    invalid: false,
    hasDataError: false,
    unitCertain: true,
    occurrence: 'first',
    deliveredTo: undefined,
  } as const;
  return { kind: 'session', session: new Session(), playedMs, ...verdict };
}

it('counts the findings of each rule', async () => {
  const tally = await tallied(`{\n}\n${event('x', 'Start', 1)}\n{\n`);
  expect(tally.ofRule('syntax')).toBe(3);
  expect(tally.ofRule('guid-format')).toBe(1);
  expect(tally.ofRule('seq-gap')).toBe(0);
});

it('counts a re-sent session and its events once, and both requests', async () => {
  expect((await tallied(`${BODY}\n${BODY}\n`)).summary()).toEqual({
    files: 1,
    requests: 2,
    sessions: 1,
    events: 2,
    errors: 0,
    warnings: 0,
    diagnoses: 0,
    infos: 1,
    unreadable: 0,
    playedSeconds: 30,
  });
});

it('adds what is endless to the same sum in any order', () => {
  const times = [0.1, 2 ** 50, 0.2, Number.MAX_VALUE, 0.3, Number.MAX_VALUE];
  const sums = [times, times.toReversed()].map((order) => {
    const tally = new Tally();
    for (const playedMs of order) tally.add(played(playedMs));
    return tally.summary().playedSeconds;
  });
  expect(sums).toEqual([Number.MAX_VALUE, Number.MAX_VALUE]);
});
