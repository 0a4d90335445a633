import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BodyReader } from '../../../src/mock/http/body.js';
import { Connections } from '../../../src/mock/http/server.js';
import { bodyOf, events, post, rawExchange, started } from '../mocks.js';

test('bodies that are being read at once have one bound, and what is read no more makes room', async () => {
  const reader = new BodyReader(100);
  const begun = () => {
    const body = Object.assign(new PassThrough(), { headers: {} });
    return { body, read: reader.read(body as unknown as IncomingMessage, {} as ServerResponse, 1000) };
  };
  const [first, second, third] = [begun(), begun(), begun()];
  first.body.write('x'.repeat(60));
  second.body.write('x'.repeat(60));
  expect(await second.read).toBe('busy');
  first.body.destroy();
  expect(await first.read).toBe('aborted');
  third.body.end('x'.repeat(90));
  expect(String(await third.read)).toHaveLength(90);
});

test('what was read of a body that finds no room is let go of, though its request goes on', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const request = Object.assign(new PassThrough(), { headers: {} });
  const read = new BodyReader(10).read(request as unknown as IncomingMessage, {} as ServerResponse, 1000);
  const chunk = new WeakRef(
    (() => {
      const bytes = Buffer.alloc(100);
      request.emit('data', bytes);
      return bytes;
    })(),
  );
  expect(await read).toBe('busy');
  // A WeakRef holds what it refers to until the turn ends.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(chunk.deref()).toBeUndefined();
});

describe('connections', () => {
  class FakeSocket {
    readonly remoteAddress = '127.0.0.1';
    destroyed = false;
    #closed = () => {};
    constructor(readonly remotePort: number) {}
    once(_: string, closed: () => void): void {
      this.#closed = closed;
    }
    destroy(): void {
      this.destroyed = true;
      this.#closed();
    }
  }
  const fake = (port: number) => new FakeSocket(port) as FakeSocket & Socket;

  test('the one idle longest makes room, one at work never', () => {
    const connections = new Connections(2);
    const [first, second, third, fourth] = [fake(1), fake(2), fake(3), fake(4)];
    connections.take(first!);
    connections.take(second!);
    connections.busy(first!);
    connections.take(third!);
    expect([first!.destroyed, second!.destroyed, third!.destroyed]).toEqual([false, true, false]);
    connections.idle(first!);
    connections.take(fourth!);
    expect([first!.destroyed, third!.destroyed]).toEqual([false, true]);
    expect(connections.size).toBe(2);
  });

  test('where all are at work the new one is closed', () => {
    const connections = new Connections(1);
    const [first, second] = [fake(1), fake(2)];
    connections.take(first!);
    connections.busy(first!);
    connections.take(second!);
    expect([first!.destroyed, second!.destroyed]).toEqual([false, true]);
    first!.destroy();
    expect(connections.size).toBe(0);
  });

  test('more than it takes leave it answering', async () => {
    const mock = await started();
    const { port } = new URL(mock.url);
    const sockets = await Promise.all(
      Array.from({ length: 1500 }, () => {
        const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
        onTestFinished(() => {
          socket.destroy();
        });
        return new Promise<Socket>((resolve) => socket.once('connect', () => resolve(socket)));
      }),
    );
    expect((await post(mock.url)).status).toBe(200);
    expect(sockets).toHaveLength(1500);
  });
});

describe('requests', () => {
  test('headers without end are refused', async () => {
    const mock = await started();
    const { text } = await rawExchange(mock.baseUrl, `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1.1 431 /);
  });

  test('what is no HTTP is refused', async () => {
    const mock = await started();
    expect((await rawExchange(mock.baseUrl, '\u0016\u0003\u0001\r\n\r\n')).text).toMatch(/^HTTP\/1.1 400 /);
    expect((await post(mock.url)).status).toBe(200);
  });

  test('a body announced too large is refused before it is sent', async () => {
    const mock = await started();
    const head = [
      'POST /api/consumption/events HTTP/1.1',
      'Host: a',
      'Expect: 100-continue',
      'Content-Length: 20000000',
    ];
    const { text } = await rawExchange(mock.baseUrl, `${head.join('\r\n')}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1.1 413 /);
  });

  test('a client that asks whether to go on is told to', async () => {
    const mock = await started();
    const body = JSON.stringify(bodyOf(events()));
    const head = [
      'POST /api/consumption/events HTTP/1.1',
      'Host: a',
      'Connection: close',
      'Expect: 100-continue',
      `Content-Length: ${body.length}`,
    ];
    const { text } = await rawExchange(mock.baseUrl, `${head.join('\r\n')}\r\n\r\n${body}`);
    expect(text).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
  });
});

describe('what fails below HTTP is counted and told', () => {
  const TLS_HELLO = '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003';
  const told = async (text: string) => {
    const seen: { method: string; status: number | null; unmatched: string | null }[] = [];
    const mock = await started({ onRequest: ({ request }) => void seen.push(request) });
    const socket = connect(Number(new URL(mock.url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.resume();
    socket.write(Buffer.from(text, 'latin1'));
    socket.end();
    await new Promise((resolve) => socket.once('close', resolve));
    await expect.poll(() => seen.length).toBe(1);
    expect(mock.summary()).toMatchObject({ requests: 0, unmatched: 1 });
    return seen[0];
  };

  test.each<[string, string, string, number | null, RegExp]>([
    ['TLS on a plain port', TLS_HELLO, 'TLS', 400, /plain HTTP.*http:\/\/.*--tls-cert/],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'HTTP/2', 400, /HTTP\/1\.1/],
    [
      'a proxy’s CONNECT',
      'CONNECT traffic.omny.fm:443 HTTP/1.1\r\nHost: x\r\n\r\n',
      'CONNECT',
      405,
      /not a proxy/,
    ],
    [
      'headers over the limit',
      `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`,
      'HTTP',
      431,
      /16 KiB.*cookies/,
    ],
    [
      'headers far over it',
      `GET / HTTP/1.1\r\nHost: x\r\nCookie: ${'x'.repeat(200_000)}\r\n\r\n`,
      'HTTP',
      431,
      /16 KiB.*cookies/,
    ],
    ['no HTTP at all', 'hello\r\n\r\n', 'HTTP', 400, /not an HTTP\/1\.1 request/],
    [
      'a body that its sender leaves',
      `POST /api/consumption/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"Source"`,
      'POST',
      null,
      /keepalive/,
    ],
  ])('%s', async (_, text, method, status, why) => {
    expect(await told(text)).toMatchObject({ method, status, unmatched: expect.stringMatching(why) });
  });

  test('plain HTTP on a TLS port', async () => {
    const seen: (string | null)[] = [];
    const tls = {
      cert: readFileSync('test/mock/localhost-cert.pem', 'utf8'),
      key: readFileSync('test/mock/localhost-key.pem', 'utf8'),
    };
    const mock = await started({ tls, onRequest: ({ request }) => void seen.push(request.unmatched) });
    await rawExchange(
      mock.baseUrl.replace('https', 'http').replace('localhost', '127.0.0.1'),
      'GET / HTTP/1.1\r\n\r\n',
    );
    await expect.poll(() => seen).toEqual([expect.stringContaining('https://')]);
  });

  test('but not a connection that says nothing', async () => {
    const mock = await started();
    const socket = connect(Number(new URL(mock.url).port), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.resetAndDestroy();
    await post(mock.url);
    expect(mock.summary()).toMatchObject({ requests: 1, unmatched: 0 });
  });
});
