import type { ServerResponse } from 'node:http';
import type { Ledger } from './ledger.js';
import { MAX_UNREAD_BYTES } from './limits.js';
import { MOST_APART, MOST_SESSIONS, type PageMessage } from './page-data.js';

const HEARTBEAT_MS = 15_000;
/** Of what a page begins with, sent at a time, in UTF-16 units. */
const PIECE_LENGTH = 64 * 1024;

/**
 * Tells a page what arrives, as it arrives, as server-sent events: `PageMessage`s, first what the ledger holds. A page that does not read is
 * cut off: its EventSource connects again and begins anew.
 * @param mostUnread Of what arrives, the bytes that may wait for a page.
 */
export function streamEvents(
  response: ServerResponse,
  ledger: Ledger,
  mostUnread: number = MAX_UNREAD_BYTES,
): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
  const before = begun(ledger);
  /** What arrives while what was there before is still on its way; null once that has left. */
  let waiting: Buffer[] | null = [];
  let waitingBytes = 0;
  const send = (bytes: Buffer) => {
    const unread = waiting === null ? response.writableLength : waitingBytes;
    if (unread > mostUnread) response.destroy();
    else if (waiting === null) response.write(bytes);
    else {
      waiting.push(bytes);
      waitingBytes += bytes.length;
    }
  };
  const goOn = () => {
    for (let next = before.next(); !next.done; next = before.next()) {
      if (!response.write(next.value)) return;
    }
    response.off('drain', goOn);
    for (const bytes of waiting ?? []) response.write(bytes);
    waiting = null;
  };
  let callOff = () => {};
  const beat = () => {
    callOff = ledger.start.clock.after(HEARTBEAT_MS, () => {
      send(HEARTBEAT);
      beat();
    });
  };
  const unlisten = ledger.listen((message) => send(bytesOf(message)));
  response.once('close', () => {
    unlisten();
    callOff();
  });
  beat();
  response.on('drain', goOn);
  goOn();
}

/** What a ledger holds now, in pieces that are made when there is room for them: a page that does not read holds one. */
function* begun(ledger: Ledger): Generator<Buffer, undefined> {
  const sessions = ledger.book.sessions();
  const requests = ledger.apart();
  yield bytesOf(ledger.beginning());
  yield* pieces('sessions', sessions, MOST_SESSIONS);
  yield* pieces('requests', requests, MOST_APART);
}

function* pieces(type: 'sessions' | 'requests', items: readonly object[], most: number): Generator<Buffer> {
  let texts: string[] = [];
  let length = 0;
  for (const [i, item] of items.entries()) {
    const text = JSON.stringify(item);
    texts.push(text);
    length += text.length;
    if (length < PIECE_LENGTH && texts.length < most && i < items.length - 1) continue;
    yield Buffer.from(`data: {"type":"${type}","${type}":[${texts.join(',')}]}\n\n`);
    texts = [];
    length = 0;
  }
}

const HEARTBEAT = Buffer.from(':\n\n');

const known = new WeakMap<PageMessage, Buffer>();

/** The same bytes for all pages that wait for them. */
function bytesOf(message: PageMessage): Buffer {
  const before = known.get(message);
  if (before) return before;
  const bytes = Buffer.from(`data: ${JSON.stringify(message)}\n\n`);
  known.set(message, bytes);
  return bytes;
}
