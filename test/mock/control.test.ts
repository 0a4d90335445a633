import { describe, expect, onTestFinished, test } from 'vitest';
import { RULE_IDS } from '../../src/domain/finding.js';
import type { PageMessage } from '../../src/mock/page-data.js';
import { RULES } from '../../src/rules/index.js';
import {
  bodyOf,
  CLIP,
  events,
  getJson,
  HandClock,
  NOW,
  ORGANIZATION,
  post,
  sessionId,
  started,
} from './mocks.js';

const OTHER_CLIP = '11111111-7d1c-4c36-9a53-a4870055423c';

async function tell(url: string, value: unknown = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(value) });
}

/** A mock that has taken a sound session, one of another clip with a warning, and a request to another path. */
async function used() {
  const mock = await started();
  await post(mock.url);
  await post(mock.url, { ...bodyOf(events(2, { clip: OTHER_CLIP, seconds: 20 })), Source: 'Web' });
  await fetch(`${mock.baseUrl}/elsewhere`);
  return mock;
}

describe('asks', () => {
  test('for the summary: validate’s, and unmatched besides', async () => {
    const { baseUrl } = await used();
    expect(await getJson(`${baseUrl}/_mock/summary`)).toEqual({
      version: 1,
      summary: {
        files: 0,
        requests: 2,
        sessions: 2,
        events: 4,
        errors: 0,
        warnings: 1,
        infos: 0,
        diagnoses: 0,
        unreadable: 0,
        playedSeconds: 50,
        unmatched: 1,
      },
    });
  });

  test.each([
    ['all', '', [1, 2], 3, ['source-reserved']],
    ['of a session', `?session=${sessionId(1)}`, [1], 1, []],
    ['of a session in upper case', `?session=${sessionId(2).toUpperCase()}`, [2], 1, ['source-reserved']],
    ['of a clip', `?clip=${OTHER_CLIP}`, [2], 1, ['source-reserved']],
    ['of both', `?clip=${CLIP}&session=${sessionId(1)}`, [1], 1, []],
    ['of a request', '?request=1', [2], 1, ['source-reserved']],
    ['of neither together', `?clip=${CLIP}&session=${sessionId(2)}`, [], 0, []],
  ])('%s', async (_, query, sessions, requests, rules) => {
    const { baseUrl } = await used();
    const asked = async (name: string) =>
      (await getJson(`${baseUrl}/_mock/${name}${query}`))[name] as Record<string, unknown>[];
    expect((await asked('sessions')).map(({ key }) => key)).toEqual(sessions.map(sessionId));
    expect(await asked('requests')).toHaveLength(requests);
    expect((await asked('findings')).map(({ rule }) => rule)).toEqual(rules);
    expect((await getJson(`${baseUrl}/_mock/summary${query}`)).summary).toMatchObject({
      sessions: sessions.length,
      warnings: rules.length,
      playedSeconds: sessions.reduce((sum, number) => sum + (number === 1 ? 30 : 20), 0),
    });
  });

  test('the bugs behind patterns, and what is said of rules', async () => {
    const { baseUrl, url } = await started();
    const stamped = (number: number) =>
      events(number).map((event) => ({ ...event, Timestamp: NOW - number }));
    await post(url, bodyOf(stamped(1), stamped(2), stamped(3)));
    const { diagnoses } = await getJson(`${baseUrl}/_mock/diagnoses`);
    expect(diagnoses).toMatchObject([{ diagnosis: 'stamps-at-flush', sessions: 3, of: 3 }]);
    const { rules } = await getJson(`${baseUrl}/_mock/rules`);
    expect(rules).toContainEqual(expect.objectContaining({ id: 'seq-gap', title: RULES['seq-gap'].title }));
    expect((rules as object[]).length).toBe(RULE_IDS.length);
  });

  test('a path that it has not is told with those it has', async () => {
    const { baseUrl } = await started();
    for (const name of ['sesions', '', 'constructor', '__proto__']) {
      const response = await fetch(`${baseUrl}/_mock/${name}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        paths: expect.arrayContaining(['GET /_mock/summary', 'GET /_mock/wait', 'POST /_mock/reset']),
      });
    }
    expect((await fetch(`${baseUrl}/_mock/reset`)).status).toBe(405);
    expect((await tell(`${baseUrl}/_mock/summary`)).status).toBe(405);
  });

  test('nobody else may read it in a browser', async () => {
    const { baseUrl } = await started();
    const { headers } = await fetch(`${baseUrl}/_mock/summary`);
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('waits', () => {
  test('and answers at once what is there', async () => {
    const { baseUrl } = await used();
    expect(await getJson(`${baseUrl}/_mock/wait?sessions=2&timeout=0`)).toMatchObject({
      summary: { sessions: 2 },
    });
    expect(await getJson(`${baseUrl}/_mock/wait`)).toMatchObject({ summary: { sessions: 2 } });
  });

  test('until it is there', async () => {
    const clock = new HandClock();
    const mock = await started({ clock });
    const waiting = fetch(`${mock.baseUrl}/_mock/wait?sessions=2&timeout=600`);
    await post(mock.url);
    await post(mock.url, bodyOf(events(2)));
    const answer = await waiting;
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ summary: { sessions: 2 } });
  });

  test('no longer than it is told to', async () => {
    const clock = new HandClock();
    const mock = await started({ clock });
    await post(mock.url);
    const waiting = fetch(`${mock.baseUrl}/_mock/wait?sessions=2&timeout=3`);
    while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(clock.asked).toEqual([3000]);
    clock.pass();
    const answer = await waiting;
    expect(answer.status).toBe(408);
    expect(await answer.json()).toMatchObject({
      error: 'Expected 2 sessions in 3 s, received 1',
      summary: { sessions: 1 },
    });
  });

  test('for sessions of a clip', async () => {
    const mock = await started();
    const waiting = fetch(`${mock.baseUrl}/_mock/wait?clip=${OTHER_CLIP}&timeout=30`);
    await post(mock.url);
    await post(mock.url, bodyOf(events(2, { clip: OTHER_CLIP })));
    expect(await (await waiting).json()).toMatchObject({ summary: { sessions: 1 } });
  });

  test('not for those who have gone', async () => {
    const clock = new HandClock();
    const mock = await started({ clock });
    const gone = new AbortController();
    const waiting = fetch(`${mock.baseUrl}/_mock/wait?timeout=600`, { signal: gone.signal });
    while (clock.waiting === 0) await new Promise((resolve) => setImmediate(resolve));
    gone.abort();
    await expect(waiting).rejects.toThrow();
    while (clock.waiting > 0) await new Promise((resolve) => setImmediate(resolve));
  });

  test.each(['sessions=x', 'sessions=-1', 'sessions=1.5', 'timeout=x', 'timeout=601'])(
    'not for %s',
    async (query) => {
      const { baseUrl } = await started();
      expect((await fetch(`${baseUrl}/_mock/wait?${query}`)).status).toBe(400);
    },
  );
});

describe('changes', () => {
  test('what Enabled is answered', async () => {
    const mock = await started();
    const changed = await tell(`${mock.baseUrl}/_mock/enabled`, { enabled: false });
    expect(await changed.json()).toMatchObject({ settings: { enabled: false } });
    expect(await (await post(mock.url)).json()).toEqual({ Enabled: false });
    await tell(`${mock.baseUrl}/_mock/enabled`, { enabled: true });
    expect(await (await post(mock.url)).json()).toEqual({ Enabled: true });
  });

  test('faults, counting requests anew', async () => {
    const mock = await started({ faults: ['500'] });
    expect((await post(mock.url)).status).toBe(500);
    await tell(`${mock.baseUrl}/_mock/faults`, { faults: ['503@#1', '429@#2'] });
    expect([
      (await post(mock.url)).status,
      (await post(mock.url)).status,
      (await post(mock.url)).status,
    ]).toEqual([503, 429, 200]);
    await tell(`${mock.baseUrl}/_mock/faults`, []);
    expect((await post(mock.url)).status).toBe(200);
  });

  test.each([
    ['enabled', { enabled: 'no' }],
    ['enabled', []],
    ['faults', { faults: '503' }],
    ['faults', { faults: [503] }],
    ['faults', { faults: ['503@sometimes'] }],
    ['faults', { faults: [], seed: 'x' }],
  ])('%s not to %j', async (name, value) => {
    const mock = await started({ faults: ['418'] });
    const response = await tell(`${mock.baseUrl}/_mock/${name}`, value);
    expect(response.status).toBe(400);
    expect(await response.json()).toHaveProperty('error');
    expect((await post(mock.url)).status).toBe(418);
  });

  test('nothing for what is no JSON, or too large', async () => {
    const { baseUrl } = await started();
    for (const body of ['{', ' '.repeat(70_000)]) {
      expect((await fetch(`${baseUrl}/_mock/enabled`, { method: 'POST', body })).status).toBe(400);
    }
  });

  test('everything back to the beginning', async () => {
    const mock = await started({ faults: ['503@#1'] });
    expect((await post(mock.url)).status).toBe(503);
    await post(mock.url, '{}');
    mock.setEnabled(false);
    mock.setFaults(['418']);
    expect((await post(mock.url)).status).toBe(418);
    const reset = await tell(`${mock.baseUrl}/_mock/reset`);
    expect(await reset.json()).toMatchObject({
      settings: { enabled: true, faults: ['503@#1'] },
      summary: { requests: 0, sessions: 0, errors: 0 },
    });
    expect([mock.sessions(), mock.findings(), mock.requests()]).toEqual([[], [], []]);
    expect([(await post(mock.url)).status, (await post(mock.url)).status]).toEqual([503, 200]);
    expect(mock.sessions()).toMatchObject([{ standing: 'first', requests: [0] }]);
    // What was wrong before stays so in the total, by which a run is judged.
    expect(mock.total().summary.errors).toBeGreaterThan(0);
  });
});

describe('ledgers of their own', () => {
  test('know nothing of each other, or of the main one', async () => {
    const mock = await started();
    const [one, two] = [mock.space('one'), mock.space('two')];
    await post(one.url);
    await post(two.url, bodyOf(events(1), events(2)));
    await tell(`${mock.baseUrl}/t/one/_mock/faults`, { faults: ['503'] });
    await tell(`${mock.baseUrl}/t/two/_mock/enabled`, { enabled: false });
    expect((await post(one.url)).status).toBe(503);
    expect(await (await post(two.url, bodyOf(events(3)))).json()).toEqual({ Enabled: false });
    expect(await (await post(mock.url)).json()).toEqual({ Enabled: true });
    const sessions = async (at: string) =>
      ((await getJson(`${mock.baseUrl}${at}/_mock/summary`)).summary as { sessions: number }).sessions;
    expect([await sessions(''), await sessions('/t/one'), await sessions('/t/two')]).toEqual([1, 1, 3]);
    expect(two.sessions().filter(({ standing }) => standing !== 'first')).toEqual([]);
    await tell(`${mock.baseUrl}/t/one/_mock/reset`);
    expect([await sessions('/t/one'), await sessions('/t/two')]).toEqual([0, 3]);
    expect(mock.total()).toMatchObject({ summary: { sessions: 5, requests: 4 }, diagnoses: [] });
  });

  test('have a page, and findings that name them', async () => {
    const mock = await started();
    expect((await fetch(`${mock.baseUrl}/t/one/`)).headers.get('content-type')).toContain('text/html');
    expect((await fetch(`${mock.baseUrl}/t/one`, { redirect: 'manual' })).headers.get('location')).toBe(
      '/t/one/',
    );
    await post(mock.space('one').url, 'x');
    expect(mock.space('one').findings()).toMatchObject([{ file: '<mock /t/one>' }]);
    expect(() => mock.space('a/b')).toThrow(RangeError);
  });

  test('the one not used for longest is forgotten, when there are too many', async () => {
    const mock = await started();
    await post(mock.space('first').url);
    await post(mock.space('second').url);
    mock.space('first');
    for (let i = 0; i < 199; i += 1) mock.space(`more-${i}`);
    expect(mock.space('first').summary().sessions).toBe(1);
    expect(mock.space('second').summary().sessions).toBe(0);
  });
});

describe('the page’s events', () => {
  test('begin with what is there, and go on with what comes', async () => {
    const mock = await used();
    const next = await listen(`${mock.baseUrl}/_mock/events`);
    expect(await next()).toMatchObject({
      type: 'start',
      endpoint: mock.url,
      space: null,
      settings: { enabled: true, strict: false, faults: [] },
      summary: { sessions: 2, unmatched: 1 },
    });
    expect(await next()).toMatchObject({
      type: 'sessions',
      sessions: [{ key: sessionId(1) }, { state: 'warning' }],
    });
    expect(await next()).toMatchObject({
      type: 'requests',
      requests: [{ request: { unmatched: expect.any(String) }, findings: [] }],
    });
    await post(mock.url, { ...bodyOf(events(1)), Completed: false });
    expect(await next()).toMatchObject({
      type: 'request',
      request: { number: 2, organizationParameter: ORGANIZATION, status: 200, enabled: true },
      sessions: [{ key: sessionId(1), state: 'error', standing: 'resent' }],
      findings: [{ rule: 'not-completed' }],
      summary: { requests: 3 },
    });
    mock.setEnabled(false);
    expect(await next()).toMatchObject({ type: 'settings', settings: { enabled: false } });
    mock.reset();
    expect(await next()).toMatchObject({ type: 'start', summary: { requests: 0 } });
    await post(`${mock.baseUrl}/elsewhere`);
    expect(await next()).toMatchObject({
      type: 'request',
      request: { unmatched: expect.any(String) },
      sessions: [],
    });
  });
});

async function listen(url: string): Promise<() => Promise<PageMessage>> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const response = await fetch(url, { signal: stop.signal });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const chunks = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let held = '';
  return async () => {
    while (!held.includes('\n\n')) held += (await chunks.read()).value ?? '';
    const end = held.indexOf('\n\n');
    const event = held.slice(0, end);
    held = held.slice(end + 2);
    return JSON.parse(event.replace(/^data: /, '')) as PageMessage;
  };
}
