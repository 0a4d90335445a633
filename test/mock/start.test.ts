import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { describe, expect, test } from 'vitest';
import { startMockEndpoint } from '../../src/index.js';
import '../../src/vitest.js';
import { bodyOf, CLIP, events, HandClock, HEARD, post, sessionId, started } from './mocks.js';

describe('the mock in a test of one’s own', () => {
  test('starts with nothing but a port', async () => {
    const mock = await startMockEndpoint({ port: 0 });
    try {
      expect(mock.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/consumption\/events$/);
      expect(mock.url).toBe(`${mock.baseUrl}/api/consumption/events`);
      const waiting = mock.waitFor(1);
      await post(mock.url);
      expect(await waiting).toMatchObject([
        { sessionId: sessionId(1), clipId: CLIP, played: 30, state: 'ok' },
      ]);
      expect(mock.findings()).toEqual([]);
      expect(mock.sessions()[0]?.lateSeconds).toBeCloseTo(Date.now() / 1000 - HEARD - 90, -1);
    } finally {
      await mock.close();
    }
    await expect(post(mock.url)).rejects.toThrow();
  });

  test('waiting in vain says what did come', async () => {
    const clock = new HandClock();
    const mock = await started({ clock });
    await post(mock.url);
    await fetch(`${mock.baseUrl}/x`);
    const waiting = mock.waitFor(2, { timeoutMs: 500 });
    clock.pass();
    await expect(waiting).rejects.toThrow(
      /Expected 2 sessions at .* in 0.5 s, received 1 \(1 request; 1 more request did not reach the endpoint: another path: POST to \/api\/consumption\/events\)/,
    );
  });

  test('a port that is taken is an error', async () => {
    const mock = await started();
    const port = Number(new URL(mock.url).port);
    await expect(startMockEndpoint({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('a fault that cannot be read is one, too', async () => {
    await expect(startMockEndpoint({ port: 0, faults: ['nope'] })).rejects.toMatchObject({ kind: 'usage' });
  });

  test('closing twice is closing once; what waits is let go', async () => {
    const mock = await started();
    const waiting = fetch(`${mock.baseUrl}/_mock/wait?timeout=600`).catch(() => 'gone');
    await post(mock.url);
    await Promise.all([mock.close(), mock.close()]);
    expect(await waiting).toBeDefined();
  });

  test('closing waits for what is being taken', async () => {
    const order: string[] = [];
    let written = () => {};
    const mock = await started({
      record: () =>
        new Promise((resolve) => {
          written = () => {
            order.push('recorded');
            resolve();
          };
        }),
    });
    const sent = post(mock.url).catch(() => null);
    while (mock.summary().requests === 0) await new Promise((resolve) => setImmediate(resolve));
    const closed = mock.close().then(() => order.push('closed'));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    written();
    await closed;
    await sent;
    expect(order).toEqual(['recorded', 'closed']);
    expect(mock.requests()).toHaveLength(1);
  });

  test('record is handed each body on one line, before the answer', async () => {
    const lines: string[] = [];
    const mock = await started({
      async record(line) {
        await new Promise((resolve) => setImmediate(resolve));
        lines.push(line);
      },
    });
    await post(mock.url, JSON.stringify(bodyOf(events()), null, 2).replaceAll('\n', '\r\n'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/[\r\n]/);
    expect(JSON.parse(lines[0]!)).toEqual(bodyOf(events()));
    await post(mock.url, 'no JSON');
    expect(lines).toHaveLength(1);
  });

  test('a bug of the mock’s own is answered and told, and leaves it running', async () => {
    const bugs: unknown[] = [];
    const mock = await started({
      record: () => Promise.reject(new Error('a bug')),
      onBug: (error) => bugs.push(error),
    });
    expect((await post(mock.url)).status).toBe(500);
    expect(bugs).toMatchObject([{ message: 'a bug' }]);
  });
});

describe('TLS', () => {
  const [cert, key] = ['cert', 'key'].map((name) =>
    readFileSync(new URL(`localhost-${name}.pem`, import.meta.url), 'utf8'),
  );

  test('with a certificate for localhost it is reached by that name', async () => {
    const mock = await started({ tls: { cert: cert!, key: key! } });
    expect(mock.url).toMatch(/^https:\/\/localhost:\d+\//);
    const dispatcher = new Agent({ connect: { ca: cert! } });
    const { statusCode, body } = await request(mock.url, {
      dispatcher,
      method: 'POST',
      body: JSON.stringify(bodyOf(events())),
      headers: { 'content-type': 'application/json' },
    });
    expect([statusCode, await body.json()]).toEqual([200, { Enabled: true }]);
    expect(mock.summary().sessions).toBe(1);
    await dispatcher.destroy();
  });

  test('plain HTTP to it harms nothing', async () => {
    const mock = await started({ tls: { cert: cert!, key: key! } });
    await expect(fetch(mock.url.replace('https:', 'http:'))).rejects.toThrow();
    expect(mock.summary()).toMatchObject({ requests: 0, unmatched: 1 });
  });
});

describe('toBeValidConsumption', () => {
  const broken = { ...bodyOf(events()), Completed: false };

  test.each<[string, unknown]>([
    ['a body', bodyOf(events())],
    ['its text', JSON.stringify(bodyOf(events()))],
    ['several bodies', [bodyOf(events(1)), bodyOf(events(2))]],
    ['events', events()],
    ['a warning', { ...bodyOf(events()), Source: 'Web' }],
  ])('takes %s', (_, value) => {
    expect(value).toBeValidConsumption();
  });

  test.each<[string, unknown]>([
    ['an error', broken],
    ['no JSON', '{'],
    ['nothing', undefined],
    ['silence', []],
    ['another thing', 42],
  ])('but not %s', (_, value) => {
    expect(value).not.toBeValidConsumption();
    expect(() => expect(value).toBeValidConsumption()).toThrow();
  });

  test('says what is wrong, and how to mend it', () => {
    expect(() => expect(broken).toBeValidConsumption()).toThrow(
      /error not-completed at \/Completed: Expected .*\n {4}hint: /,
    );
    expect(() => expect(bodyOf(events())).not.toBeValidConsumption()).toThrow(
      /received valid data \(1 session\)/,
    );
  });

  test('can be stricter, and knows the rules’ settings', () => {
    const warned = { ...bodyOf(events()), Source: 'Web' };
    expect(warned).not.toBeValidConsumption({ failOn: 'warning' });
    expect(warned).toBeValidConsumption({
      failOn: 'warning',
      severities: new Map([['source-reserved', 'off']]),
    });
    expect(bodyOf(events())).not.toBeValidConsumption({ now: HEARD - 10_000, failOn: 'warning' });
  });
});
