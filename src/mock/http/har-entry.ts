import { isUtf8 } from 'node:buffer';
import { VERSION } from '../../domain/errors.js';
import type { RequestHead } from './exchange.js';
import type { MockReply } from './reply.js';

/** A request to the endpoint whose body was read, and its answer. */
export interface RecordedExchange {
  readonly head: RequestHead;
  /** Which store took it. */
  readonly store: string;
  /** The URL as the player asked for it. */
  readonly url: string;
  readonly httpVersion: string;
  readonly contentEncoding: string | undefined;
  readonly bytes: Buffer;
  /** What was answered; null where nothing was. */
  readonly reply: MockReply | null;
  /** Whether a fault refused it: it counts nowhere. */
  readonly refused: boolean;
  /** Whether the answer's body was sent whole. */
  readonly whole: boolean;
  /** Unix seconds at which the answer was there. */
  readonly answeredAt: number;
}

/** What names the mock as a capture's creator: all that it records was on the wire once. */
export const HAR_CREATOR = 'omny-consume';

/** The text of a HAR before and after its entries. */
export const HAR_HEAD = `{"log":{"version":"1.2","creator":${JSON.stringify({ name: HAR_CREATOR, version: VERSION })},"pages":[],"entries":[`;

/** @param endedAt Unix seconds: up to then nothing more arrived. */
export function harTail(endedAt: number): string {
  return `\n],"_endedDateTime":"${new Date(endedAt * 1000).toISOString()}"}}\n`;
}

/** The exchange as an entry of a HAR 1.2, on one line. No header is kept but what the rules look at: no cookie, no Authorization. */
export function harEntryText(exchange: RecordedExchange): string {
  const { head, store, url, httpVersion, contentEncoding, bytes, reply, refused, whole, answeredAt } =
    exchange;
  const beganMs = Math.round(head.receivedAt * 1000);
  const header = (name: string, value: string | null | undefined) => (value ? [{ name, value }] : []);
  const headers = [
    ...header('content-type', head.contentType),
    ...header('content-encoding', contentEncoding),
    ...header('content-length', String(bytes.length)),
    ...header('origin', head.origin),
    ...header('user-agent', head.userAgent),
  ];
  const written = isUtf8(bytes)
    ? { text: bytes.toString() }
    : { text: bytes.toString('base64'), encoding: 'base64' };
  const time = Math.max(0, Math.round(answeredAt * 1000) - beganMs);
  return JSON.stringify({
    startedDateTime: new Date(beganMs).toISOString(),
    time,
    request: {
      method: 'POST',
      url,
      httpVersion: `HTTP/${httpVersion}`,
      cookies: [],
      headers,
      queryString: [...new URL(url).searchParams].map(([name, value]) => ({ name, value })),
      postData: { mimeType: head.contentType ?? '', ...written },
      headersSize: -1,
      bodySize: bytes.length,
    },
    response: responseOf(reply, whole),
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
    _store: store,
    ...(refused && { _refused: true }),
  });
}

function responseOf(reply: MockReply | null, whole: boolean): object {
  const type = reply?.headers['content-type'] ?? '';
  return {
    // As browsers write a request that had no answer.
    status: reply?.status ?? 0,
    statusText: '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: reply ? Object.entries(reply.headers).map(([name, value]) => ({ name, value })) : [],
    content: {
      size: reply?.body.length ?? 0,
      mimeType: type,
      ...(reply && whole && { text: reply.body.toString() }),
    },
    redirectURL: reply?.headers.location ?? '',
    headersSize: -1,
    bodySize: reply?.body.length ?? 0,
  };
}
