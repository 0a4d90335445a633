import { readFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { request } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  bodyOf,
  ended,
  events,
  HandClock,
  post,
  rawExchange,
  rawPost,
  rawSocket,
  started,
} from '../mocks.js';

const ALLOWED = 'access-control-allow-origin: https://player.example';

/** What a fault does to one request, seen on a bare connection. */
async function seen(fault: string, text = rawPost()) {
  const mock = await started({ faults: [fault] });
  const { text: answer, end } = await rawExchange(mock.baseUrl, text);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { mock, head, body, end, counted: mock.summary().requests, kept: mock.requests() };
}

describe('answers that are none of Omny’s', () => {
  test.each([
    ['503', 'HTTP/1.1 503 Service Unavailable', /^\{"Message":/, 0],
    ['html', 'HTTP/1.1 200 OK', /^<!DOCTYPE html>/, 1],
    ['bad-json', 'HTTP/1.1 200 OK', /^\{"Enabled": tru$/, 1],
    ['empty', 'HTTP/1.1 200 OK', /^$/, 1],
    ['disabled', 'HTTP/1.1 200 OK', /^\{"Enabled":false\}$/, 1],
    ['204', 'HTTP/1.1 204 No Content', /^$/, 0],
  ])('%s', async (fault, status, body, counted) => {
    const found = await seen(fault);
    expect(found.head.split('\r\n')[0]).toBe(status);
    expect(found.head).toContain(ALLOWED);
    expect(found.head).toContain('access-control-allow-credentials: true');
    expect(found.body).toMatch(body);
    expect(found).toMatchObject({ end: 'end', counted, kept: [{ fault }] });
  });

  test('429=5s comes with Retry-After, and leaves the connection usable', async () => {
    const mock = await started({ faults: ['429=5s@#1'] });
    const { text } = await rawExchange(mock.baseUrl, rawPost(undefined, []) + rawPost());
    expect(text).toMatch(
      /^HTTP\/1.1 429 Too Many Requests\r\n[\s\S]*retry-after: 5\r\n[\s\S]*HTTP\/1.1 200 OK/,
    );
    expect(mock.summary()).toMatchObject({ requests: 1, sessions: 1 });
  });

  test('redirect=URL is a 307, which a fetch would follow with the body', async () => {
    const { head, counted } = await seen('redirect=http://127.0.0.1:9/elsewhere');
    expect(head).toMatch(/^HTTP\/1.1 307 /);
    expect(head).toContain('location: http://127.0.0.1:9/elsewhere');
    expect(counted).toBe(0);
  });

  test('huge is valid JSON of 100 MB', async () => {
    const mock = await started({ faults: ['huge'] });
    const { body, headers } = await request(mock.url, {
      method: 'POST',
      body: JSON.stringify(bodyOf(events())),
    });
    let size = 0;
    let [first, last] = ['', ''];
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (size === 0) first = chunk.toString().slice(0, 15);
      last = chunk.toString();
      size += chunk.length;
    }
    expect(headers['content-length']).toBe('100000000');
    expect({ size, first, last: last.slice(-3) }).toEqual({
      size: 1e8,
      first: '{"Enabled":true',
      last: 'x"}',
    });
    expect(mock.summary().sessions).toBe(1);
  });
});

describe('connections that break', () => {
  test('refuse closes in order, with nothing said and nothing counted', async () => {
    const { head, end, counted, kept } = await seen('refuse');
    expect({ head, end, counted }).toEqual({ head: '', end: 'end', counted: 0 });
    expect(kept).toMatchObject([{ status: null, bytes: 0, fault: 'refuse' }]);
  });

  test('reset resets before the body is there', async () => {
    const [head = ''] = rawPost().split('\r\n\r\n');
    const found = await seen('reset', `${head}\r\n\r\n`);
    expect(found).toMatchObject({ head: '', end: 'ECONNRESET', counted: 0 });
  });

  test('reset-after counts the body, then resets', async () => {
    expect(await seen('reset-after')).toMatchObject({ head: '', end: 'ECONNRESET', counted: 1 });
  });

  test('cut announces the whole answer and sends half of it', async () => {
    const { head, body, end, counted } = await seen('cut');
    expect(head).toContain('content-length: 16');
    expect({ body, end, counted }).toEqual({ body: '{"Enable', end: 'end', counted: 1 });
  });

  test('the next connection is served', async () => {
    const mock = await started({ faults: ['reset@#1', 'refuse@#2'] });
    expect((await rawExchange(mock.baseUrl, rawPost())).end).toBe('ECONNRESET');
    expect(await rawExchange(mock.baseUrl, rawPost())).toEqual({ text: '', end: 'end' });
    expect((await post(mock.url)).status).toBe(200);
  });

  test('reset reaches through TLS', async () => {
    const [cert, key] = ['cert', 'key'].map((name) =>
      readFileSync(new URL(`../localhost-${name}.pem`, import.meta.url), 'utf8'),
    );
    const mock = await started({ faults: ['reset'], tls: { cert: cert!, key: key! } });
    const socket = connectTls({
      port: Number(new URL(mock.url).port),
      host: '127.0.0.1',
      ca: cert,
      servername: 'localhost',
    });
    socket.write(rawPost());
    expect(await ended(socket)).toEqual({ text: '', end: 'ECONNRESET' });
  });
});

describe('answers that take their time', () => {
  test('delay answers when the time is up, and has counted the body before', async () => {
    const clock = new HandClock();
    const mock = await started({ faults: ['delay=90s'], clock });
    const answer = post(mock.url);
    await mock.waitFor(1);
    await turns();
    expect(clock.asked.at(-1)).toBe(90_000);
    clock.pass();
    expect(await (await answer).json()).toEqual({ Enabled: true });
  });

  test('drip sends a byte each time, then ends', async () => {
    const clock = new HandClock();
    const mock = await started({ faults: ['drip=7s'], clock });
    const socket = rawSocket(mock.baseUrl, rawPost());
    let body = '';
    const end = ended(socket);
    const bytes: string[] = [];
    await untilText(socket, (text) => text.includes('\r\n\r\n'));
    for (let i = 0; i < 16; i += 1) {
      const more = untilText(socket, (text) => text.length >= 1);
      clock.pass();
      const got = await more;
      bytes.push(got);
      body += got;
    }
    expect(body).toBe('{"Enabled":true}');
    expect(bytes.every((byte) => byte.length === 1)).toBe(true);
    expect(new Set(clock.asked)).toEqual(new Set([7000]));
    expect((await end).end).toBe('end');
  });

  test('hang counts the body and says nothing until the client goes', async () => {
    const clock = new HandClock();
    const mock = await started({ faults: ['hang@#1'], clock });
    const socket = rawSocket(mock.baseUrl, rawPost());
    const end = ended(socket);
    await mock.waitFor(1);
    expect((await post(mock.url, bodyOf(events(2)))).status).toBe(200);
    socket.end();
    await mock.close();
    expect((await end).text).toBe('');
    expect(clock.waiting).toBe(0);
  });

  test.each(['delay=90s', 'drip=90s'])(
    'a client that does not wait calls the timer of %s off',
    async (fault) => {
      const clock = new HandClock();
      const mock = await started({ faults: [fault], clock });
      const socket = rawSocket(mock.baseUrl, rawPost());
      await mock.waitFor(1);
      await turns();
      expect(clock.waiting).toBe(1);
      const closed = ended(socket);
      socket.destroy();
      await closed;
      await until(() => clock.waiting === 0);
    },
  );
});

function untilText(socket: ReturnType<typeof rawSocket>, enough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const take = (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (!enough(text)) return;
      socket.off('data', take);
      resolve(text);
    };
    socket.on('data', take);
  });
}

/** A few turns of the event loop. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function until(holds: () => boolean): Promise<void> {
  let stopped = false;
  onTestFinished(() => {
    stopped = true;
  });
  while (!holds() && !stopped) await new Promise((resolve) => setImmediate(resolve));
}
