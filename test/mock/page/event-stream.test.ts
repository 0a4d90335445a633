import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MAIN_LIMITS, ruleOptions } from '../../../src/mock/options.js';
import { streamEvents } from '../../../src/mock/page/page.js';
import type { PageMessage } from '../../../src/mock/page-data.js';
import { MockSpace } from '../../../src/mock/store/space.js';
import { HandClock, NOW, rawSocket } from '../mocks.js';

const LIMIT = 100_000;
/** Above all that a system holds for a connection that nobody reads. */
const FLOOD_BYTES = 64 * 1024 * 1024;
const MESSAGE_BYTES = 64 * 1024;

/** A space whose events a server tells, and the answers that tell them. */
async function serveEvents() {
  const clock = new HandClock();
  const space = new MockSpace(null, 'http://127.0.0.1/', {
    faults: [],
    seed: 0,
    enabled: true,
    strict: false,
    sheets: null,
    inspect: (remember) => ruleOptions({}, clock, remember),
    limits: MAIN_LIMITS,
    clock,
    onInspected: () => {},
  });
  const responses: ServerResponse[] = [];
  const server = createServer((_, response) => {
    responses.push(response);
    streamEvents(response, space, LIMIT);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { space, responses, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

type ServedEvents = Awaited<ReturnType<typeof serveEvents>>;

/** A connection that has asked for the events, and has been begun to be answered. */
async function asked({ url, responses }: ServedEvents): Promise<Socket> {
  const before = responses.length;
  const socket = rawSocket(url, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n').on('error', () => {});
  while (responses.length === before) await turn();
  return socket;
}

/** Reads what comes, and gives what waits for a text in it. */
function reading(socket: Socket): (text: string) => Promise<void> {
  let read = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    read += chunk;
  });
  return async (text) => {
    while (!read.includes(text)) {
      if (socket.closed) throw new Error('cut off');
      await turn();
    }
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function large(mark: string): PageMessage {
  const faults = [`${mark} ${'x'.repeat(MESSAGE_BYTES)}`];
  return { type: 'settings', settings: { enabled: true, strict: false, faults, minDuration: 10 } };
}

describe('a page', () => {
  test('that does not read is cut off, and one that reads is not', async () => {
    const served = await serveEvents();
    const { space, responses } = served;
    for (let i = 0; i < 5; i += 1) await asked(served);
    const comes = reading(await asked(served));
    const unread = responses.slice(0, 5);
    let most = 0;
    for (
      let sent = 0;
      sent < FLOOD_BYTES && unread.some(({ destroyed }) => !destroyed);
      sent += MESSAGE_BYTES
    ) {
      space.emit(large(`mark ${sent}.`));
      most = Math.max(most, ...unread.map(({ writableLength }) => writableLength));
      await comes(`mark ${sent}.`);
    }
    expect(unread.map(({ destroyed }) => destroyed)).toEqual(unread.map(() => true));
    expect(responses.at(-1)?.destroyed).toBe(false);
    // What waited, and what frames them.
    expect(most).toBeGreaterThan(LIMIT / 2);
    expect(most).toBeLessThan(LIMIT + 10_000);
  });

  test('is not cut off for what was there before, however much, and hears behind it what came meanwhile', async () => {
    const served = await serveEvents();
    for (let i = 0; i < 150; i += 1) served.space.emit(unmatched(i));
    const comes = reading(await asked(served));
    served.space.emit(large('meanwhile'));
    await comes('/path-149"');
    await comes('meanwhile');
    expect(served.responses[0]?.writableLength).toBe(0);
  });
});

function unmatched(number: number): PageMessage {
  const request = {
    number: null,
    receivedAt: NOW,
    method: 'GET',
    url: `/${'x'.repeat(MESSAGE_BYTES)}/path-${number}`,
    origin: null,
    contentType: null,
    userAgent: null,
    organizationParameter: null,
    bytes: 0,
    status: 404,
    enabled: null,
    fault: null,
    unmatched: 'another path',
    eventsLost: false,
    sessions: [],
  };
  const none = { sessions: [], sessionsOmitted: 0, findings: [], findingsOmitted: 0 };
  const summary = {
    files: 0,
    requests: 0,
    sessions: 0,
    events: 0,
    unreadable: 0,
    diagnoses: 0,
    errors: 0,
    warnings: 0,
    infos: 0,
    playedSeconds: 0,
    unmatched: 1,
  };
  return { type: 'request', request, ...none, summary };
}
