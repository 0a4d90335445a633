import type { ServerResponse } from 'node:http';
import { MAX_UNREAD_BYTES } from '../limits.js';
import { MAX_MESSAGE_SESSIONS, MAX_NOTABLE_REQUESTS, type PageMessage } from '../page-data.js';
import type { MockSpace } from '../store/space.js';

const HEARTBEAT_MS = 15_000;
/** Of what a page begins with, sent at a time, in UTF-16 units. */
const PIECE_LENGTH = 64 * 1024;

/**
 * Tells a page what arrives, as it arrives, as server-sent events: `PageMessage`s, first what the space holds. A page that does not read is
 * cut off: its EventSource connects again and begins anew.
 * @param maxUnreadBytes Of what arrives, the bytes that may wait for a page.
 */
export function streamEvents(
  response: ServerResponse,
  space: MockSpace,
  maxUnreadBytes: number = MAX_UNREAD_BYTES,
): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
  const initial = initialMessages(space);
  /** What arrives while what was there before is still on its way; null once that has left. */
  let waiting: Buffer[] | null = [];
  let waitingBytes = 0;
  const send = (bytes: Buffer) => {
    const unread = waiting === null ? response.writableLength : waitingBytes;
    if (unread > maxUnreadBytes) response.destroy();
    else if (waiting === null) response.write(bytes);
    else {
      waiting.push(bytes);
      waitingBytes += bytes.length;
    }
  };
  const sendInitial = () => {
    for (let next = initial.next(); !next.done; next = initial.next()) {
      if (!response.write(next.value)) return;
    }
    response.off('drain', sendInitial);
    for (const bytes of waiting ?? []) response.write(bytes);
    waiting = null;
  };
  let cancelHeartbeat = () => {};
  const beat = () => {
    cancelHeartbeat = space.initial.clock.after(HEARTBEAT_MS, () => {
      send(HEARTBEAT);
      beat();
    });
  };
  const unsubscribe = space.subscribe((message) => send(bytesOf(message)));
  response.once('close', () => {
    unsubscribe();
    cancelHeartbeat();
  });
  beat();
  response.on('drain', sendInitial);
  sendInitial();
}

/** What a space holds now, in pieces that are made when there is room for them: a page that does not read holds one. */
function* initialMessages(space: MockSpace): Generator<Buffer, undefined> {
  const sessions = space.store.sessions();
  const requests = space.notableRequests();
  yield bytesOf(space.startMessage());
  yield* pieces('sessions', sessions, MAX_MESSAGE_SESSIONS);
  yield* pieces('requests', requests, MAX_NOTABLE_REQUESTS);
}

function* pieces(
  type: 'sessions' | 'requests',
  items: readonly object[],
  maxItems: number,
): Generator<Buffer> {
  let texts: string[] = [];
  let length = 0;
  for (const [i, item] of items.entries()) {
    const text = JSON.stringify(item);
    texts.push(text);
    length += text.length;
    if (length < PIECE_LENGTH && texts.length < maxItems && i < items.length - 1) continue;
    yield Buffer.from(`data: {"type":"${type}","${type}":[${texts.join(',')}]}\n\n`);
    texts = [];
    length = 0;
  }
}

const HEARTBEAT = Buffer.from(':\n\n');

const encoded = new WeakMap<PageMessage, Buffer>();

/** The same bytes for all pages that wait for them. */
function bytesOf(message: PageMessage): Buffer {
  const before = encoded.get(message);
  if (before) return before;
  const bytes = Buffer.from(`data: ${JSON.stringify(message)}\n\n`);
  encoded.set(message, bytes);
  return bytes;
}
