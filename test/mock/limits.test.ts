import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Book } from '../../src/mock/book.js';
import { Connections } from '../../src/mock/connections.js';
import { inspectOptionsOf } from '../../src/mock/inspect-options.js';
import { NAMED_KEEP } from '../../src/mock/limits.js';
import { Newest } from '../../src/mock/newest.js';
import type { MockRequest, MockSession } from '../../src/mock/page-data.js';
import { SessionRows } from '../../src/mock/session-rows.js';
import { bodyOf, events, NOW, post, rawExchange, sessionId, started } from './mocks.js';

describe('keeps the newest', () => {
  test('by number', () => {
    const kept = new Newest<number>(3);
    const gone = Array.from({ length: 5000 }, (_, i) => kept.add(i)).flat();
    expect(kept.items()).toEqual([4997, 4998, 4999]);
    expect(kept.size).toBe(3);
    expect(gone).toEqual(Array.from({ length: 4997 }, (_, i) => i));
  });

  test('by weight, be it the very one that came', () => {
    const kept = new Newest<string>(10, 5, (text) => text.length);
    expect(kept.add('abc')).toEqual([]);
    expect(kept.add('def')).toEqual(['abc']);
    expect(kept.add('gh')).toEqual([]);
    expect(kept.items()).toEqual(['def', 'gh']);
    expect(kept.add('too long')).toEqual(['def', 'gh', 'too long']);
    expect(kept.size).toBe(0);
  });

  test('of sessions by number and weight, and counts all', async () => {
    const rows = new SessionRows(3, 10);
    const put = (number: number, weight: number) => {
      const session = {
        key: sessionId(number),
        events: [],
        request: 0,
        source: undefined,
        clipDuration: undefined,
      };
      const finding = {} as MockSession['findings'][number];
      const own = {
        first: Array.from({ length: weight }, () => finding),
        total: weight,
        state: 'ok',
      } as const;
      rows.put(
        { kind: 'session', session, invalid: false, unsound: false, standing: 'first', playedSeconds: null },
        {
          receivedAt: 0,
          request: 0,
          own,
          shared: { first: [], total: 0, state: 'ok' },
          clipDurations: new Map(),
        },
      );
      return rows.all().map(({ key }) => key);
    };
    for (const number of [1, 2, 3]) put(number, 0);
    expect(put(4, 0)).toEqual([2, 3, 4].map(sessionId));
    expect(put(2, 2)).toEqual([2, 3, 4].map(sessionId));
    expect(put(5, 1)).toEqual([3, 4, 5].map(sessionId));
    expect(put(6, 50)).toEqual([sessionId(6)]);
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
    const options = inspectOptionsOf({}, () => NOW, 10);
    const book = new Book(options, { ...NAMED_KEEP, bodyLength: 20 }, () => {});
    const request = {} as MockRequest;
    for (const number of [1, 2, 3]) book.add({ ...request, number }, `"body ${number}"`);
    expect(kept(book.requests())).toEqual([null, 'body 2', 'body 3']);
    book.add({ ...request, number: 4 }, `"${'x'.repeat(18)}"`);
    expect(kept(book.requests())).toEqual([null, null, null, 'x'.repeat(18)]);
  });

  test('of a ledger by name take no more than 256 KiB in all', async () => {
    const mock = await started();
    const filled = { ...bodyOf(events()), Filler: 'x'.repeat(100 * 1024) };
    for (let i = 0; i < 4; i += 1) await post(`${mock.baseUrl}/t/room/api/consumption/events`, filled);
    const bodies = kept(mock.ledger('room').requests());
    expect(bodies).toEqual([null, null, filled, filled]);
  });
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
