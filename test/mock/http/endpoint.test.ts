import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  bodyOf,
  CLIP,
  ended,
  events,
  HEARD,
  NOW,
  ORGANIZATION,
  post,
  rawExchange,
  rawPost,
  rawSocket,
  sessionId,
  standingClock,
  started,
} from '../mocks.js';

const bodyText = JSON.stringify(bodyOf(events(1)));

describe('takes what players send, as Omny does', () => {
  test('a JSON body', async () => {
    const mock = await started();
    const response = await post(mock.url, bodyOf(events(1), events(2)));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toEqual({ Enabled: true });
    expect(mock.summary()).toEqual({
      files: 0,
      requests: 1,
      sessions: 2,
      events: 4,
      errors: 0,
      warnings: 0,
      infos: 0,
      diagnoses: 0,
      unreadable: 0,
      playedSeconds: 60,
      unmatched: 0,
    });
    expect(mock.findings()).toEqual([]);
  });

  test('a session is told with what was heard, and when it came', async () => {
    const mock = await started({ clipDurations: { [CLIP.toUpperCase()]: 300 } });
    await post(mock.url);
    expect(mock.sessions()).toEqual([
      {
        key: sessionId(1),
        sessionId: sessionId(1),
        clipId: CLIP,
        organizationId: ORGANIZATION,
        source: 'CustomWeb',
        firstTimestamp: HEARD + 60,
        lastTimestamp: HEARD + 90,
        receivedAt: NOW,
        lateSeconds: 10,
        played: 30,
        events: 2,
        intervals: [[0, 30, HEARD + 60, HEARD + 90]],
        intervalsOmitted: 0,
        duration: 300,
        state: 'ok',
        findings: [],
        findingsOmitted: 0,
        standing: 'first',
        requests: [0],
      },
    ]);
  });

  test('a clock that is ahead shows as negative lateness', async () => {
    const mock = await started();
    await post(mock.url, bodyOf(events(3)));
    expect(mock.sessions()[0]?.lateSeconds).toBe(NOW - (HEARD + 3 * 60 + 30));
    expect(mock.sessions()[0]?.lateSeconds).toBeLessThan(0);
  });

  test('a request is told with how it came over the wire', async () => {
    const mock = await started();
    await post(mock.url.replace('/api', '/t/a/api'), bodyOf(events()), {
      type: 'text/plain;charset=UTF-8',
      headers: { origin: 'https://player.example', 'user-agent': 'player/1' },
    });
    expect(mock.space('a').requests()).toEqual([
      {
        number: 0,
        receivedAt: NOW,
        method: 'POST',
        url: `/t/a/api/consumption/events?organizationId=${ORGANIZATION}`,
        organizationParameter: ORGANIZATION,
        contentType: 'text/plain;charset=UTF-8',
        origin: 'https://player.example',
        userAgent: 'player/1',
        bytes: JSON.stringify(bodyOf(events())).length,
        status: 200,
        enabled: true,
        fault: null,
        unmatched: null,
        eventsLost: false,
        sessions: [sessionId(1)],
        body: bodyOf(events()),
      },
    ]);
  });

  test('the same session again is the same session, counted once', async () => {
    const mock = await started();
    for (let i = 0; i < 3; i += 1) await post(mock.url);
    expect(mock.summary()).toMatchObject({ requests: 3, sessions: 1, events: 2, playedSeconds: 30 });
    expect(mock.sessions()).toMatchObject([{ standing: 'resent', requests: [0, 1, 2], played: 30 }]);
  });

  test('a session in parts is an error', async () => {
    const mock = await started();
    await post(mock.url);
    await post(mock.url, bodyOf(events(1, { seconds: 20 })));
    expect(mock.sessions()).toMatchObject([{ standing: 'split', state: 'error', played: 30 }]);
    expect(mock.findings()).toMatchObject([{ rule: 'session-split', request: 1, sessionId: sessionId(1) }]);
  });

  test('findings carry message, hint, place and request', async () => {
    const mock = await started();
    await post(mock.url);
    await post(mock.url, { ...bodyOf(events(2)), Source: 'Web', Completed: false });
    expect(mock.findings()).toMatchObject([
      {
        rule: 'source-reserved',
        severity: 'warning',
        request: 1,
        path: '/Source',
        file: '<mock>',
        sessionId: null,
      },
      { rule: 'not-completed', severity: 'error', request: 1, path: '/Completed', hint: expect.any(String) },
    ]);
    expect(mock.sessions()[1]).toMatchObject({ state: 'error', findings: [{}, {}] });
    expect(mock.summary()).toMatchObject({ errors: 1, warnings: 1 });
  });

  test('a byte order mark is no fault', async () => {
    const mock = await started();
    expect((await post(mock.url, `\ufeff${JSON.stringify(bodyOf(events()))}`)).status).toBe(200);
    expect(mock.findings()).toEqual([]);
  });

  test('Enabled: false where it is asked to', async () => {
    const mock = await started({ enabled: false });
    expect(await (await post(mock.url)).json()).toEqual({ Enabled: false });
    expect(mock.summary().sessions).toBe(1);
  });

  test('strict answers 400 to errors, and to nothing else; both are counted', async () => {
    const mock = await started({ strict: true });
    expect((await post(mock.url, { ...bodyOf(events()), Source: 'Web' })).status).toBe(200);
    const refused = await post(mock.url, { ...bodyOf(events(2)), Completed: false });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      Message: expect.stringContaining('not-completed'),
      Findings: [{ rule: 'not-completed', hint: expect.any(String) }],
    });
    expect(mock.summary().sessions).toBe(2);
  });

  test('severities, speed and duration are those that it is started with', async () => {
    const mock = await started({ rules: { 'source-reserved': 'error' }, minDuration: 40, strict: true });
    expect((await post(mock.url, { ...bodyOf(events()), Source: 'Web' })).status).toBe(400);
    expect(mock.findings().map(({ rule }) => rule)).toEqual(['source-reserved', 'session-too-short']);
  });

  test('what counts as now moves with the clock', async () => {
    let now = NOW;
    const mock = await started({
      clock: { ...standingClock(), unixSeconds: () => now, after: () => () => {} },
    });
    await post(mock.url, bodyOf(events(20)));
    now += 2000;
    await post(mock.url, bodyOf(events(21)));
    expect(mock.findings().map(({ rule, request }) => [rule, request])).toEqual([
      ['timestamp-future', 0],
      ['timestamp-future', 0],
    ]);
  });
});

describe('browsers may talk to it', () => {
  const ask = (url: string, headers: Record<string, string>) => fetch(url, { method: 'OPTIONS', headers });

  test('a preflight is answered with the origin itself, and with credentials allowed', async () => {
    const mock = await started({ faults: ['503'], enabled: false });
    const response = await ask(mock.url, {
      origin: 'https://player.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-test',
      'access-control-request-private-network': 'true',
    });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': 'https://player.example',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'content-type,x-test',
      'access-control-allow-private-network': 'true',
      vary: 'Origin',
    });
    expect(mock.requests()).toEqual([]);
  });

  test.each([
    ['an opaque origin', 'null'],
    ['another port of this machine', 'http://localhost:3000'],
  ])('%s is echoed', async (_, origin) => {
    const mock = await started();
    const { headers } = await post(mock.url, undefined, { headers: { origin } });
    expect(headers.get('access-control-allow-origin')).toBe(origin);
  });

  test('refusals carry it, too', async () => {
    const mock = await started();
    const { status, headers } = await post(mock.url, '{', { headers: { origin: 'https://a.example' } });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([400, 'https://a.example']);
  });
});

describe('any host reaches the endpoint', () => {
  test('a redirected player names Omny’s', async () => {
    const mock = await started();
    expect((await rawExchange(mock.baseUrl, rawPost())).text).toContain('{"Enabled":true}');
  });

  test('a proxy’s request line names the whole URL', async () => {
    const mock = await started();
    const { text } = await rawExchange(
      mock.baseUrl,
      rawPost().replace('POST ', 'POST http://traffic.omny.fm'),
    );
    expect(text).toContain('{"Enabled":true}');
  });
});

describe('what does not reach the endpoint is counted and told', () => {
  test.each([
    ['POST', '/api/consumption/event', 404, 'another path: POST to /api/consumption/events'],
    ['POST', '/api/consumption/events//', 404, 'another path: POST to /api/consumption/events'],
    ['POST', '/', 404, 'another path: POST to /api/consumption/events'],
    ['GET', '/api/consumption/events', 405, 'another method: only POST is accepted here'],
    ['PUT', '/api/consumption/events', 405, 'another method: only POST is accepted here'],
  ])('%s %s', async (method, path, status, why) => {
    const mock = await started();
    const response = await fetch(mock.baseUrl + path, {
      method,
      ...(method === 'GET' ? {} : { body: '{}' }),
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ Message: why });
    expect(mock.summary()).toMatchObject({ requests: 0, unmatched: 1 });
    expect(mock.requests()).toMatchObject([{ number: null, method, url: path, status, unmatched: why }]);
  });

  test.each([
    ['events at another path', 'POST', '/api/consumption', bodyText, true],
    ['events with another method', 'PUT', '/api/consumption/events', bodyText, true],
    ['another body', 'POST', '/collect', '{"events":[]}', false],
    ['a body that is cut short', 'POST', '/collect', bodyText.slice(0, -9), false],
  ])('%s', async (_, method, path, body, eventsLost) => {
    const mock = await started();
    await fetch(mock.baseUrl + path, { method, body });
    expect(mock.requests()).toMatchObject([{ bytes: Buffer.byteLength(body), eventsLost, sessions: [] }]);
    expect(mock.summary()).toMatchObject({ sessions: 0, unmatched: 1 });
  });

  test('a browser may send events to another path: else nobody would learn of them', async () => {
    const mock = await started();
    const asked = { origin: 'https://a.example', 'access-control-request-method': 'PUT' };
    const { status, headers } = await fetch(`${mock.baseUrl}/x`, { method: 'OPTIONS', headers: asked });
    expect([status, headers.get('access-control-allow-methods')]).toEqual([204, 'PUT, OPTIONS']);
    const { headers: sent } = await fetch(`${mock.baseUrl}/x`, {
      method: 'PUT',
      body: bodyText,
      headers: asked,
    });
    expect(sent.get('access-control-allow-origin')).toBe('https://a.example');
    expect(mock.requests()).toMatchObject([{ method: 'PUT', eventsLost: true }]);
  });

  test('a browser’s own questions are not', async () => {
    const mock = await started();
    await fetch(`${mock.baseUrl}/favicon.ico`);
    await fetch(`${mock.baseUrl}/`);
    expect(mock.summary().unmatched).toBe(0);
  });
});

describe('hostile bodies get a 4xx, a finding, and leave it running', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const many = (text: string, times: number) => Array.from({ length: times }, () => text).join(',');

  test.each<[string, string | Uint8Array, Record<string, string>, number, string]>([
    ['no JSON', '{"Events":', {}, 400, 'received the end'],
    ['nothing', '', {}, 400, 'received nothing'],
    ['a number of blanks', '   ', {}, 400, 'received nothing'],
    ['deep', deep(65), {}, 400, 'levels of nesting'],
    ['very deep', deep(5_000_000), {}, 400, 'levels of nesting'],
    ['deep and open', '['.repeat(100_000), {}, 400, 'levels of nesting'],
    ['large and broken', `[${many('1', 2_000_000)}`, {}, 400, 'Expected JSON'],
    ['too large', ' '.repeat(10 * 1024 * 1024 + 1), {}, 413, 'at most 10 MiB'],
    ['events without end', `{"Events":[${many('{}', 30_000)}]}`, {}, 413, 'at most 20,000 events'],
    ['values without end', `{"a":[${many('0', 300_000)}]}`, {}, 413, 'at most 200,000 values'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), {}, 400, 'Expected UTF-8'],
    [
      'gzip',
      gzipSync(JSON.stringify(bodyOf(events()))),
      { 'content-encoding': 'gzip' },
      415,
      'Content-Encoding',
    ],
    [
      'a gzip bomb',
      gzipSync(Buffer.alloc(50_000_000)),
      { 'content-encoding': 'gzip' },
      415,
      'Content-Encoding',
    ],
    ['gzip that does not say so', gzipSync(Buffer.alloc(1000)), {}, 400, 'Expected UTF-8'],
  ])('%s', async (_, body, headers, status, message) => {
    const mock = await started();
    const response = await post(mock.url, body, { headers });
    expect(response.status).toBe(status);
    expect(((await response.json()) as { Message: string }).Message).toContain(message);
    expect(mock.findings()).toMatchObject([{ rule: 'syntax', severity: 'error', request: null }]);
    expect(mock.requests()).toMatchObject([{ number: null, status, body: null }]);
    expect((await post(mock.url)).status).toBe(200);
  });

  test.each([
    ['as the only property', '{"__proto__":{"Source":"Custom","Events":[],"Completed":true}}'],
    [
      'escaped, in an event',
      JSON.stringify(bodyOf(events())).replace('"Type"', '"\\u005f_proto__":1,"Type"'),
    ],
  ])('__proto__ %s', async (_, body) => {
    const mock = await started();
    expect((await post(mock.url, body)).status).toBe(400);
    expect(mock.summary()).toMatchObject({ requests: 1 });
    expect(mock.findings().length).toBeGreaterThan(0);
    expect(Object.hasOwn(Object.prototype, 'Source')).toBe(false);
    expect((await post(mock.url, bodyOf(events(2)))).status).toBe(200);
  });

  test('as many findings as a body can hold are counted, and the newest kept', async () => {
    const mock = await started();
    const body = `{"Source":"Custom","Completed":true,"Events":[${many('{}', 2000)}]}`;
    const response = await post(mock.url, body, { organization: ORGANIZATION });
    expect(response.status).toBe(200);
    expect(mock.summary().errors).toBe(14_000);
    expect(mock.findings()).toHaveLength(10_000);
  });

  test('a body that breaks off is nothing', async () => {
    const mock = await started();
    const socket = rawSocket(mock.baseUrl, rawPost().slice(0, -20));
    const gone = ended(socket);
    socket.end();
    await gone;
    expect((await post(mock.url, bodyOf(events(2)))).status).toBe(200);
    expect(mock.sessions().map(({ key }) => key)).toEqual([sessionId(2)]);
    expect(mock.summary()).toMatchObject({ requests: 1, errors: 0 });
  });
});
