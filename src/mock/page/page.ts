import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestTarget } from '../http/exchange.js';
import { MAX_UNREAD_BYTES } from '../options.js';
import { MAX_MESSAGE_SESSIONS, MAX_NOTABLE_REQUESTS, type PageMessage } from '../page-data.js';
import type { MockSpace } from '../store/space.js';
import body from './body.html?text';
// oxlint-disable-next-line import/default -- scripts/text-modules.js gives it
import script from './client/main.ts?script';
import behaviours from './style/behaviours.css?text';
import board from './style/board.css?text';
import choosing from './style/choosing.css?text';
import details from './style/details.css?text';
import empty from './style/empty.css?text';
import ground from './style/ground.css?text';
import head from './style/head.css?text';
import motion from './style/motion.css?text';
import narrow from './style/narrow.css?text';
import panels from './style/panels.css?text';
import sessions from './style/sessions.css?text';

// oxlint-disable-next-line import/default -- scripts/text-modules.js gives it

/**
 * The page at `/`, also of each space at `/t/NAME/` (the path must end with a slash). It is one HTML document that requests
 * only `_mock/` below its own address; `page-data.ts` describes the answers. `contentSecurityPolicy` limits what the page can
 * do.
 */
export function pageHtml(): string {
  return PAGE;
}

/** Later styles override earlier ones. */
const STYLE = [
  ground,
  head,
  empty,
  board,
  choosing,
  sessions,
  details,
  panels,
  behaviours,
  narrow,
  motion,
].join('');

const ICON = [
  "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%234457d6'/%3E",
  "%3Cpath d='M3 8h1.5M6.5 4.5v7M9.5 6.5v3M12 8h1' stroke='white' stroke-width='1.6' stroke-linecap='round'/%3E%3C/svg%3E",
].join('');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>omny-consume mock</title>
<link rel="icon" href="data:image/svg+xml,${ICON}">
<style>${STYLE}</style>
</head>
<body>
${body}<script>${script}</script>
</body>
</html>
`;

/** Answers `GET /` and `GET /t/NAME/`. Other paths of the page, such as the icon, get a 404. */
export function servePage(
  { url = '' }: IncomingMessage,
  response: ServerResponse,
  target: RequestTarget,
): void {
  if (target.path !== '/') {
    response.writeHead(404).end();
    return;
  }
  if (target.space !== null && !url.split('?', 1)[0]?.endsWith('/')) {
    response.writeHead(308, { location: `/t/${target.space}/` }).end();
    return;
  }
  const html = pageHtml();
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'content-security-policy': contentSecurityPolicy(html),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
  });
  response.end(html);
}

/**
 * The Content-Security-Policy of a page: it allows only the page's own `<script>` and `<style>` elements, each by its hash, and
 * requests to its own host. It forbids everything else: other scripts, `on…` and `style` attributes, images other than `data:`,
 * frames, and markup made from text (trusted types). Styles that a script sets (`element.style.width = …`, SVG attributes)
 * still work.
 */
export function contentSecurityPolicy(html: string): string {
  const hashes = (element: string): string => {
    const found = [...html.matchAll(new RegExp(`<${element}\\b[^>]*>([\\s\\S]*?)</${element}>`, 'g'))];
    return found.map(([, text = '']) => `'sha256-${sha256(text)}'`).join(' ') || "'none'";
  };
  return [
    "default-src 'none'",
    `script-src ${hashes('script')}`,
    `style-src ${hashes('style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

const HEARTBEAT_MS = 15_000;
/** The size of the pieces in which the content of a space is sent to a new page, in UTF-16 units. */
const PIECE_LENGTH = 64 * 1024;

/**
 * Sends `PageMessage`s to a page as server-sent events: first the content of the space, then everything that arrives.
 * Disconnects a page that does not read: its EventSource reconnects and starts again.
 * @param maxUnreadBytes How many bytes can wait for a page.
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
  /** Messages that arrive while the earlier content is still being sent; null once it is sent. */
  let waiting: Buffer[] | null = [];
  let waitingBytes = 0;
  const send = (bytes: Buffer) => {
    const unread = waiting === null ? response.writableLength : waitingBytes;
    if (unread > 0 && unread + bytes.length > maxUnreadBytes) response.destroy();
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

/**
 * The content of a space in pieces. A piece is made only when it can be sent, so that a page that does not read needs the
 * memory of one piece.
 */
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

/** The bytes of the latest messages, shared by all pages. */
function bytesOf(message: PageMessage): Buffer {
  const before = encoded.get(message);
  if (before) return before;
  const bytes = Buffer.from(`data: ${JSON.stringify(message)}\n\n`);
  encoded.set(message, bytes);
  return bytes;
}
