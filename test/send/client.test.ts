import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Agent, type Dispatcher } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Attempt } from '../../src/send/answer.js';
import { type Client, type ClientOptions, openClient } from '../../src/send/client.js';
import { parseEndpoint } from '../../src/send/endpoint.js';
import { classify } from '../../src/send/outcome.js';
import { handClock } from './clocks.js';
import { nobody, serveHttp, serveRaw } from './servers.js';

const BATCH = { organizationId: '126281f8-200e-4c9f-8378-a4870055423b', body: Buffer.from('{"Events":"ü"}') };
const TRUE = '{"Enabled":true}';

function clientFor(url: string, options: Partial<ClientOptions> = {}): Client {
  const endpoint = parseEndpoint(url);
  const client = openClient({ endpoint, version: '1.2.3', concurrency: 2, timeoutMs: 30_000, ...options });
  onTestFinished(() => client.close());
  return client;
}

async function postTo(url: string): Promise<Attempt> {
  return clientFor(url).post(BATCH);
}

function raw(answer: string): Promise<string> {
  return serveRaw((socket) => socket.end(answer));
}

test('a request is as the API document wants it', async () => {
  const seen: unknown[] = [];
  const url = await serveHttp((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method, url: path, headers } = request;
      seen.push({ method, path, headers, body });
      response.end(TRUE);
    });
  });
  const attempt = await postTo(url.replace('//', '//ann:secret@'));
  expect(attempt).toMatchObject({ kind: 'answered', status: 200, enabled: true, fault: null });
  expect(seen).toEqual([
    {
      method: 'POST',
      path: `/api/consumption/events?organizationId=${BATCH.organizationId}`,
      body: BATCH.body.toString(),
      headers: expect.objectContaining({
        'content-type': 'application/json',
        'content-length': String(BATCH.body.length),
        'accept-encoding': 'identity',
        'user-agent': 'omny-consume/1.2.3',
        authorization: `Basic ${Buffer.from('ann:secret').toString('base64')}`,
      }),
    },
  ]);
});

test('connections are kept and used again, no more than may be used at once', async () => {
  const ports = new Set<number | undefined>();
  const url = await serveHttp((request, response) => {
    ports.add(request.socket.remotePort);
    response.end(TRUE);
  });
  const client = clientFor(url);
  for (let index = 0; index < 20; index += 1) await client.post(BATCH);
  expect(ports.size).toBeLessThanOrEqual(2);
});

test('as many requests run at once as may', async () => {
  const waiting: ServerResponse[] = [];
  const url = await serveHttp((_, response) => {
    waiting.push(response);
    if (waiting.length === 2) for (const held of waiting) held.end(TRUE);
  });
  const client = clientFor(url);
  const attempts = await Promise.all([client.post(BATCH), client.post(BATCH)]);
  expect(attempts).toMatchObject([{ enabled: true }, { enabled: true }]);
});

test('a request is never begun a second time behind our back', async () => {
  const dispatcher = new Agent();
  let aborted = 0;
  dispatcher.dispatch = (_, handler) => {
    const controller = { abort: () => (aborted += 1) } as unknown as Dispatcher.DispatchController;
    handler.onRequestStart?.(controller, null);
    handler.onRequestStart?.(controller, null);
    return true;
  };
  const attempt = await clientFor('http://localhost', { dispatcher }).post(BATCH);
  expect(attempt).toMatchObject({ kind: 'no-answer', code: 'REPEATED' });
  expect(aborted).toBe(1);
});

describe('what an endpoint can do wrong', () => {
  test('nothing listens', async () => {
    const attempt = await postTo(await nobody());
    expect(attempt).toMatchObject({ kind: 'not-connected', code: 'ECONNREFUSED' });
  });

  test('a host that does not exist', async () => {
    const dispatcher = new Agent({
      connect: (_, done) => done(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), null),
    });
    const attempt = await clientFor('https://nowhere.invalid', { dispatcher }).post(BATCH);
    expect(attempt).toMatchObject({ kind: 'not-connected', code: 'ENOTFOUND' });
  });

  test('it resets after the request', async () => {
    const attempt = await postTo(await serveRaw((socket) => socket.resetAndDestroy()));
    expect(attempt).toMatchObject({ kind: 'no-answer', code: 'ECONNRESET', status: null });
  });

  test('it resets in the middle of the answer', async () => {
    const url = await serveRaw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"Enab`, () =>
        setImmediate(() => socket.resetAndDestroy()),
      );
    });
    expect(await postTo(url)).toMatchObject({ kind: 'no-answer' });
  });

  test('it cuts the answer short', async () => {
    const attempt = await postTo(await raw('HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"Enabled":tr'));
    expect(attempt).toMatchObject({ kind: 'no-answer', status: 200 });
  });

  test('what it says is no HTTP', async () => {
    expect(await postTo(await raw('SSH-2.0-OpenSSH_9.2\r\n'))).toMatchObject({ kind: 'no-answer' });
  });

  test('an interim answer is not the answer', async () => {
    const url = await raw(
      `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n${TRUE}`,
    );
    expect(await postTo(url)).toMatchObject({ kind: 'answered', status: 200, enabled: true });
  });

  test('an interim answer alone is none', async () => {
    const attempt = await postTo(await raw('HTTP/1.1 103 Early Hints\r\n\r\n'));
    expect(attempt).toMatchObject({ kind: 'no-answer', status: null });
  });

  test('a connection that is closed after each answer', async () => {
    const url = await raw(`HTTP/1.0 200 OK\r\n\r\n${TRUE}`);
    const client = clientFor(url);
    for (let index = 0; index < 5; index += 1) {
      expect(await client.post(BATCH)).toMatchObject({ kind: 'answered', enabled: true });
    }
  });

  test('a firewall’s page', async () => {
    const url = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><title>Sorry</title></html>');
    });
    const attempt = await postTo(url);
    expect(attempt).toMatchObject({ enabled: null, fault: { kind: 'html', detail: 'Sorry' } });
    expect(classify(attempt).kind).toBe('ambiguous');
  });

  test('gzip, which was not asked for, is understood', async () => {
    const url = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync(TRUE));
    });
    expect(await postTo(url)).toMatchObject({ enabled: true, fault: null });
  });

  test('an endless answer is given up, though it began well', async () => {
    let closed = () => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const url = await serveRaw((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n\r\n${TRUE}`);
      const pour = () => socket.write(' '.repeat(65_536));
      socket.on('drain', pour).on('close', closed);
      while (pour());
    });
    const attempt = await postTo(url);
    expect(attempt).toMatchObject({ kind: 'answered', enabled: null, fault: { kind: 'too-large' } });
    await gone;
  });

  test.each([
    ['exactly as large as is read', 65_536, true],
    ['a byte larger', 65_537, null],
  ])('an answer %s', async (_, size, enabled) => {
    const url = await serveHttp((_, response) => void response.end(TRUE.padEnd(size)));
    expect(await postTo(url)).toMatchObject({ kind: 'answered', enabled });
  });

  test('a redirect is told and not followed', async () => {
    const paths: (string | undefined)[] = [];
    const url = await serveHttp((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await postTo(url)).toMatchObject({ kind: 'answered', status: 307, location: '/elsewhere' });
    expect(paths).toHaveLength(1);
  });

  test('Retry-After is handed on as it came', async () => {
    const url = await serveHttp((_, response) => void response.writeHead(429, { 'retry-after': '7' }).end());
    expect(await postTo(url)).toMatchObject({ status: 429, retryAfter: '7' });
  });

  test('TLS where none is spoken', async () => {
    const url = await serveHttp((_, response) => void response.end(TRUE));
    const attempt = await postTo(url.replace('http:', 'https:'));
    expect(attempt).toMatchObject({ kind: 'tls' });
    expect(classify(attempt).kind).toBe('stop');
  });
});

describe('the time for an exchange', () => {
  /** A server that never ends its answer, and what has arrived there. */
  async function stalling(begin: (socket: Socket) => void) {
    let arrived = () => {};
    const request = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let closed = () => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const url = await serveRaw((socket) => {
      socket.on('close', closed);
      begin(socket);
      arrived();
    });
    return { url, request, gone };
  }

  test.each([
    ['nothing comes', (): void => {}],
    [
      'the answer stalls',
      (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{'),
    ],
    [
      'the answer drips',
      (socket: Socket) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        const timer = setInterval(() => socket.write('1\r\n \r\n'), 1);
        socket.on('close', () => clearInterval(timer));
      },
    ],
  ])('ends it where %s: the request had left', async (_, begin) => {
    const { url, request, gone } = await stalling(begin);
    const clock = handClock();
    const attempt = clientFor(url, { clock, timeoutMs: 7_000 }).post(BATCH);
    await request;
    expect(clock.delays).toEqual([7_000]);
    clock.ring();
    expect(await attempt).toMatchObject({
      kind: 'no-answer',
      code: 'TIMEOUT',
      message: 'not done after 7 s',
    });
    await gone;
  });

  test('ends a connection that is never made, and nothing is sent should it come late', async () => {
    let connected: (socket: Socket) => void = () => {};
    let asked = () => {};
    const connecting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const dispatcher = new Agent({
      connect: (_, done) => {
        connected = (socket) => done(null, socket);
        asked();
      },
    });
    const requests: string[] = [];
    const url = await serveRaw((socket, request) => {
      requests.push(request);
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n${TRUE}`);
    });
    const clock = handClock();
    const client = clientFor(url, { clock, dispatcher });
    const late = client.post(BATCH);
    await connecting;
    clock.ring();
    expect(await late).toMatchObject({ kind: 'not-connected', code: 'TIMEOUT' });

    const next = new Promise<void>((resolve) => {
      asked = resolve;
    });
    connected(await dialled(url));
    const second = client.post({ ...BATCH, body: Buffer.from('{"Second":1}') });
    await next;
    connected(await dialled(url));
    expect(await second).toMatchObject({ kind: 'answered', enabled: true });
    expect(requests).toEqual([expect.stringContaining('Second')]);
  });

  test('is not left ticking after an answer', async () => {
    const url = await serveHttp((_, response) => void response.end(TRUE));
    let ticking = 0;
    const clock = {
      nowMs: () => 0,
      unixSeconds: () => 0,
      after: () => {
        ticking += 1;
        return () => {
          ticking -= 1;
        };
      },
    };
    await clientFor(url, { clock }).post(BATCH);
    expect(ticking).toBe(0);
  });
});

test.each([['100 Continue'], ['103 Early Hints']])(
  'an unasked %s before the answer is borne',
  async (interim) => {
    const url = await serveRaw((socket) => {
      socket.write(`HTTP/1.1 ${interim}\r\n\r`);
      setImmediate(() => socket.write(`\nHTTP/1.1 200 OK\r\ncontent-length: ${TRUE.length}\r\n\r\n${TRUE}`));
    });
    const client = clientFor(url, { concurrency: 1 });
    for (let i = 0; i < 2; i += 1)
      expect(await client.post(BATCH)).toMatchObject({ kind: 'answered', status: 200, enabled: true });
  },
);

test('after the server closed a connection that was kept, the next requests take new ones', async () => {
  const ports: (number | undefined)[] = [];
  let closing = false;
  const url = await serveRaw((socket) => {
    ports.push(socket.remotePort);
    if (closing) socket.destroy();
    else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${TRUE.length}\r\n\r\n${TRUE}`);
  });
  const client = clientFor(url);
  await Promise.all([client.post(BATCH), client.post(BATCH)]);
  closing = true;
  expect(await client.post(BATCH)).toMatchObject({ kind: 'no-answer' });
  closing = false;
  expect(await client.post(BATCH)).toMatchObject({ kind: 'answered' });
  expect(ports.slice(0, 3)).not.toContain(ports[3]);
});

test('closing ends what is on its way', async () => {
  let client: Client | undefined;
  const url = await serveRaw(() => void client?.close());
  client = clientFor(url);
  expect(await client.post(BATCH)).toMatchObject({ kind: 'no-answer' });
});

function dialled(url: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => resolve(socket));
  });
}
