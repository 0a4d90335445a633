import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BEHAVIOUR_IDS, type BehaviourId } from '../../src/certify/define.js';
import type { Sheet } from '../../src/certify/sheet.js';
import { HAR_HEAD, harTail } from '../../src/mock/http/exchange.js';
import type { MockOptions } from '../../src/mock/options.js';
import type { MockEndpoint } from '../../src/mock/start.js';
import { casesOf } from '../cases.js';
import { certified } from '../certify/certified.js';
import { bodyOf, CLIP, events, getJson, NOW, ORGANIZATION, type Posting, post, started } from './mocks.js';

/** A mock that keeps sheets and records a HAR, and a clock that stands still until time is made to pass. */
async function certifying(options: MockOptions = {}) {
  const entries: string[] = [];
  let now = NOW;
  const mock = await started({
    certify: true,
    clock: { nowMs: () => 0, unixSeconds: () => now, after: () => () => {} },
    recordHar: async (entry) => void entries.push(entry),
    ...options,
  });
  return {
    mock,
    pass: (seconds: number) => {
      now += seconds;
    },
    /** The sheet that `certify` makes of what was recorded. */
    ofHar: async (): Promise<Sheet> => {
      const har = Buffer.from(`${HAR_HEAD}\n${entries.join(',\n')}${harTail(now)}`);
      async function* bytes() {
        yield har;
      }
      return certified([{ name: 'traffic.har', bytes: bytes() }]);
    },
  };
}

function lineOf({ lines }: Sheet, id: BehaviourId) {
  const { verdict, right, wrong, observations } = lines.find(({ behaviour }) => behaviour === id)!;
  return { verdict, right, wrong, evidence: observations.map(({ evidence }) => evidence) };
}

const NOT_SEEN = { verdict: 'not-seen', right: 0, wrong: 0, evidence: [] };
const send = (mock: MockEndpoint, session: readonly object[], posting?: Posting) =>
  post(mock.url, bodyOf([...session]), posting);

describe('sends again after 503', () => {
  test('is seen right where the session comes again, though the mock does not count the request it refused', async () => {
    const { mock, pass } = await certifying({ faults: ['503@#1'] });
    expect((await send(mock, events(1))).status).toBe(503);
    expect(lineOf(mock.certify(), 'retry-after-503')).toEqual(NOT_SEEN);
    pass(20);
    expect((await send(mock, events(1))).status).toBe(200);
    expect(lineOf(mock.certify(), 'retry-after-503')).toEqual({
      verdict: 'right',
      right: 1,
      wrong: 0,
      evidence: ['The request was answered 503; the session was sent again 20 s later and delivered.'],
    });
    expect(mock.summary()).toMatchObject({ requests: 1, sessions: 1, infos: 0 });
    const [seen] = mock.certify().lines.find(({ verdict }) => verdict === 'right')!.observations;
    expect(seen?.place.request).toBe(0);
  });

  test('is seen wrong where it comes again with other events, or not though others do', async () => {
    const other = await certifying({ faults: ['429=5s@#1'] });
    await send(other.mock, events(1));
    await send(other.mock, events(1, { seconds: 31 }));
    expect(lineOf(other.mock.certify(), 'retry-after-503').verdict).toBe('wrong');

    const never = await certifying({ faults: ['503@#1'] });
    await send(never.mock, events(1));
    never.pass(59);
    await send(never.mock, events(2));
    expect(lineOf(never.mock.certify(), 'retry-after-503')).toEqual(NOT_SEEN);
    never.pass(1);
    await send(never.mock, events(3));
    expect(lineOf(never.mock.certify(), 'retry-after-503').verdict).toBe('wrong');
  });
});

describe('stops sending when it is told to', () => {
  test('is seen right after half a minute without a request', async () => {
    const { mock, pass } = await certifying({ enabled: false });
    await send(mock, events(1));
    pass(29);
    expect(lineOf(mock.certify(), 'stop-when-disabled')).toEqual(NOT_SEEN);
    pass(1);
    expect(lineOf(mock.certify(), 'stop-when-disabled').verdict).toBe('right');
  });

  test('is seen wrong where a request follows, though Enabled is true by then', async () => {
    const { mock, pass } = await certifying({ faults: ['disabled@#1'] });
    await send(mock, events(1));
    pass(1);
    await send(mock, events(2));
    pass(60);
    expect(lineOf(mock.certify(), 'stop-when-disabled')).toMatchObject({ verdict: 'wrong', wrong: 1 });
  });
});

describe('what is required', () => {
  test('decides whether the sheet passes; else what is wrong does', async () => {
    const { mock } = await certifying({ require: ['retry-after-503'], faults: ['503@#1'] });
    expect(mock.certify().passed).toBe(false);
    await send(mock, events(1));
    await send(mock, events(1));
    expect([mock.certify().passed, mock.total().sheet?.passed]).toEqual([true, true]);
    expect(mock.certify({ require: 'all' }).passed).toBe(false);
    expect(mock.certify({ require: ['pause'] }).passed).toBe(false);
    await send(mock, events(2), { type: 'text/plain' });
    expect(mock.certify().passed).toBe(true);
    expect(mock.certify({ require: [] }).passed).toBe(false);
  });

  test('is a behaviour that there is', async () => {
    const { mock } = await certifying();
    const named = { require: ['seek-foward' as BehaviourId] };
    expect(() => mock.certify(named)).toThrow('no behaviour is called "seek-foward"');
    await expect(certifying(named)).rejects.toThrow('no behaviour is called "seek-foward"');
  });
});

describe('over HTTP', () => {
  test('the sheet comes as certify writes it, with the behaviours that are asked for required', async () => {
    const { mock } = await certifying({ require: ['pause'], faults: ['503@#1'] });
    await send(mock, events(1));
    await send(mock, events(1));
    const url = `${mock.baseUrl}/_mock/certify`;
    const notSeen = BEHAVIOUR_IDS.length - 1;
    const summary = { sessions: 1, requests: 2, right: 1, wrong: 0, notSeen, required: 1 };
    expect(await getJson(url)).toMatchObject({ version: 1, passed: false, summary });
    const { passed, behaviours } = await getJson(`${url}?require=retry-after-503,retry-after-503`);
    expect(passed).toBe(true);
    const [retry] = (behaviours as { behaviour: string }[]).filter(
      ({ behaviour }) => behaviour === 'retry-after-503',
    );
    expect(retry).toMatchObject({ verdict: 'right', required: true, possible: true, next: null });
    expect(await (await fetch(`${url}?require=paus`)).json()).toEqual({
      version: 1,
      error: 'no behaviour is called "paus". Did you mean pause?',
    });
  });

  test('a mock that keeps none says what to start it with', async () => {
    const mock = await started();
    const answer = await fetch(`${mock.baseUrl}/_mock/certify`);
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { version: 1, error: 'The mock keeps no sheet of behaviours: start it with --certify' },
    ]);
    expect(() => mock.certify()).toThrow('The mock keeps no sheet of behaviours');
    expect(mock.total().sheet).toBeNull();
  });
});

test('each space has a sheet of its own, which a reset empties; the total has all', async () => {
  const { mock } = await certifying({ faults: ['503@#1'] });
  const other = mock.space('other');
  for (const { url } of [mock, other, other]) await post(url, bodyOf(events(1)));
  expect(lineOf(mock.certify(), 'retry-after-503')).toEqual(NOT_SEEN);
  expect(lineOf(other.certify(), 'retry-after-503').verdict).toBe('right');
  other.reset();
  expect(other.certify()).toMatchObject({ sessions: 0, requests: 0 });
  expect(mock.total().sheet).toMatchObject({ sessions: 2, requests: 3 });
  expect(lineOf(mock.total().sheet!, 'retry-after-503').verdict).toBe('right');
});

test('before anything has arrived, everything can still be shown', async () => {
  const { mock } = await certifying();
  const { lines, notes } = mock.certify();
  expect(lines.map(({ verdict, possible }) => [verdict, possible])).toEqual(
    lines.map(() => ['not-seen', true]),
  );
  expect(notes).toEqual([]);
});

/** A session that was listened to in parts, with the wait before each in seconds. */
const parts = fc.array(
  fc.tuple(fc.constantFrom(0, 0, 5, 700), fc.constantFrom(0, 0, 30, -10), fc.constantFrom(12, 30, 61)),
  { minLength: 1, maxLength: 4 },
);
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      sessions: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), parts), { minLength: 1, maxLength: 2 }),
      type: fc.constantFrom('application/json', 'application/json', 'application/json', 'text/plain'),
      space: fc.constantFrom(null, null, null, 'other'),
      times: fc.constantFrom(1, 1, 2),
    }),
  },
  fc.constantFrom('reset' as const),
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
const paused: Action = {
  sessions: [
    [
      1,
      [
        [0, 0, 30],
        [5, 0, 30],
      ],
    ],
  ],
  type: 'application/json',
  space: null,
  times: 2,
};
/** A retry after 503, and a player that is told to stop and does. */
const EXAMPLES: [[number, Action][], string[]][] = [
  [[[0, paused]], ['503@#1']],
  [[[0, { ...paused, times: 1 }]], ['disabled@#1']],
];

test('a HAR that the mock records gives the sheet that the mock kept', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(0, 0.2, 3, 70), action), { minLength: 1, maxLength: 7 }),
      fc.constantFrom<string[]>(
        [],
        ['503@#1'],
        ['429@every2'],
        ['disabled@#2'],
        ['html@#1'],
        ['reset-after@#3'],
      ),
      async (actions, faults) => {
        fc.pre(actions.some(([, what]) => what !== 'reset'));
        const { mock, pass, ofHar } = await certifying({ faults });
        for (const [wait, what] of actions) {
          pass(wait);
          if (what === 'reset') {
            mock.reset();
            continue;
          }
          const url = what.space === null ? mock.url : mock.space(what.space).url;
          const body = bodyOf(...what.sessions.map(([number, its]) => listened(number, its)));
          for (let i = 0; i < what.times; i += 1) {
            await fetch(`${url}?organizationId=${ORGANIZATION}`, {
              method: 'POST',
              headers: { 'content-type': what.type },
              body: JSON.stringify(body),
            }).catch(() => {});
          }
        }
        pass(40);
        await mock.close();
        expect(placeless(await ofHar())).toEqual(placeless(mock.total().sheet!));
      },
    ),
    { numRuns: casesOf(15), examples: EXAMPLES },
  );
});

/** A sheet without what differs between a HAR and the mock: where something stands. */
function placeless({ lines, sessions, requests, notes }: Sheet) {
  const same = lines.map(({ observations, ...line }) => ({
    ...line,
    observations: observations.map(({ session, evidence }) => ({ session, evidence })),
  }));
  return { lines: same, sessions, requests, notes };
}

function listened(number: number, its: readonly (readonly [number, number, number])[]): object[] {
  let [clock, position, seqNumber] = [NOW - 5000 + number * 50, 0, 0];
  const [first] = events(number) as [object];
  const event = (Type: string) => {
    seqNumber += 1;
    const clip = number === 4 ? { ClipId: ORGANIZATION.replace('1', '2') } : { ClipId: CLIP };
    return {
      ...first,
      ...clip,
      Type,
      Position: position,
      SeqNumber: seqNumber,
      Timestamp: Math.round(clock),
    };
  };
  return its.flatMap(([wait, jump, seconds]) => {
    clock += wait;
    position = Math.max(0, position + jump);
    const start = event('Start');
    clock += seconds;
    position += seconds;
    return [start, event('Stop')];
  });
}
