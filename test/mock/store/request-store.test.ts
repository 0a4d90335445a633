import { describe, expect, test } from 'vitest';
import { Diagnoses } from '../../../src/diagnoses/diagnoses.js';
import { NAMED_LIMITS, ruleOptions } from '../../../src/mock/options.js';
import type { MockRequest, MockSession } from '../../../src/mock/page-data.js';
import { RequestStore } from '../../../src/mock/store/request-store.js';
import { type ArrivedSession, SessionRows } from '../../../src/mock/store/session-rows.js';
import { bodyOf, events, post, sessionId, standingClock, started } from '../mocks.js';

function arrived(number: number): ArrivedSession {
  return {
    key: sessionId(number),
    sessionId: sessionId(number),
    clipId: null,
    organizationId: null,
    source: null,
    firstTimestamp: null,
    lastTimestamp: null,
    played: null,
    events: 0,
    intervals: [],
    standing: 'first',
  };
}

describe('keeps the newest', () => {
  test('of sessions by number and weight, and counts all', async () => {
    const rows = new SessionRows(3, 10);
    const put = (number: number, weight: number) => {
      const finding = {} as MockSession['findings'][number];
      const own = {
        first: Array.from({ length: weight }, () => finding),
        total: weight,
        state: 'ok',
      } as const;
      const shared = { first: [], total: 0, state: 'ok' } as const;
      rows.put(arrived(number), { receivedAt: 0, request: 0, own, shared, clipDurations: new Map() });
      return rows.all().map(({ key }) => key);
    };
    for (const number of [1, 2, 3]) put(number, 0);
    expect(put(4, 0)).toEqual([2, 3, 4].map(sessionId));
    expect(put(2, 2)).toEqual([2, 3, 4].map(sessionId));
    expect(put(5, 1)).toEqual([3, 4, 5].map(sessionId));
    expect(put(6, 2)).toEqual([sessionId(6)]);
  });

  test('bodies as long as there is room, requests without them', async () => {
    const mock = await started();
    const large = { ...bodyOf(events()), Filler: 'x'.repeat(1024 * 1024) };
    await post(mock.url, large);
    await post(mock.url);
    const { body, ...rest } = mock.requests()[0]!;
    expect([body, rest.bytes]).toEqual([null, JSON.stringify(large).length]);
    expect(mock.requests()[1]!.body).toEqual(bodyOf(events()));
  });
});

describe('bodies', () => {
  const kept = (requests: readonly { readonly body: unknown }[]) => requests.map(({ body }) => body);

  test('are let go, the oldest first, where there is no room for all', () => {
    const options = ruleOptions({}, standingClock(), 10);
    const store = new RequestStore(
      options,
      new Diagnoses(options),
      { ...NAMED_LIMITS, bodyLength: 20 },
      () => {},
    );
    const request = {} as MockRequest;
    for (const number of [1, 2, 3]) store.add({ ...request, number }, `"body ${number}"`);
    expect(kept(store.requests())).toEqual([null, 'body 2', 'body 3']);
    store.add({ ...request, number: 4 }, `"${'x'.repeat(18)}"`);
    expect(kept(store.requests())).toEqual([null, null, null, 'x'.repeat(18)]);
  });

  test('of a space by name take no more than 256 KiB in all', async () => {
    const mock = await started();
    const filled = { ...bodyOf(events()), Filler: 'x'.repeat(100 * 1024) };
    for (let i = 0; i < 4; i += 1) await post(`${mock.baseUrl}/t/room/api/consumption/events`, filled);
    const bodies = kept(mock.space('room').requests());
    expect(bodies).toEqual([null, null, filled, filled]);
  });
});
