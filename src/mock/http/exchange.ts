import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../domain/clock.js';
import { VERSION } from '../../domain/errors.js';
import type { Exchange } from '../../domain/record.js';
import { ORGANIZATION_PARAMETER } from '../../wire/body.js';
import type { MockOptions } from '../options.js';
import type { MockRequest } from '../page-data.js';
import type { MockSpace, MockSpaces } from '../store/space.js';
import type { BodyReader } from './body.js';
import type { Forwarder } from './forward.js';
import type { MockReply } from './reply.js';
import type { InFlight } from './server.js';

/** The target of a request. */
export interface RequestTarget {
  /** NAME of `/t/NAME/`; null for the main space. */
  readonly space: string | null;
  /** The path after `/t/NAME`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The query as received, with its question mark; can be empty. */
  readonly search: string;
}

const NAMED_PATH = /^\/t\/([\w.~-]{1,100})(\/.*)?$/;

/** Parses the target of a request line: a path, or a full URL as sent to a proxy. */
export function parseTarget(written: string): RequestTarget {
  const absolute = /^https?:\/\/[^/?]*(.*)$/i.exec(written)?.[1];
  const [path = '', ...rest] = (absolute ?? written).split('?');
  const search = rest.length === 0 ? '' : `?${rest.join('?')}`;
  const [, space = null, below = '/'] = NAMED_PATH.exec(path) ?? [];
  return { space, path: space === null ? path || '/' : below, query: new URLSearchParams(search), search };
}

/** The values of the request line and the headers. */
export type RequestHead = Pick<
  MockRequest,
  'receivedAt' | 'method' | 'url' | 'organizationParameter' | 'contentType' | 'origin' | 'userAgent'
>;

/** Longer texts are cut to this many UTF-16 units. */
const MAX_TEXT_LENGTH = 500;

/** @param receivedAt Unix seconds. */
export function readRequestHead(
  { method = '', url = '', headers }: IncomingMessage,
  target: RequestTarget,
  receivedAt: number,
): RequestHead {
  const [, organization] =
    [...target.query].find(([name]) => name.toLowerCase() === ORGANIZATION_PARAMETER.toLowerCase()) ?? [];
  return {
    receivedAt,
    method,
    url: shortened(url),
    organizationParameter: shortenedOrNull(organization),
    contentType: shortenedOrNull(headers['content-type']),
    origin: shortenedOrNull(headers.origin),
    userAgent: shortenedOrNull(headers['user-agent']),
  };
}

/** The exchange as the rules see it. @param host The Host header. */
export function exchangeOf(
  { organizationParameter, contentType, receivedAt }: RequestHead,
  host: string | undefined,
  { path }: RequestTarget,
): Exchange {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? null;
  return {
    host: host?.toLowerCase() ?? '',
    path,
    organizationParameter,
    mediaType,
    beganAt: receivedAt,
    fromMock: true,
    page: null,
    store: null,
    answer: null,
  };
}

function shortenedOrNull(text: string | undefined): string | null {
  return text === undefined ? null : shortened(text);
}

/** Makes a copy: a slice would keep the whole text in memory. */
function shortened(text: string): string {
  return text.length <= MAX_TEXT_LENGTH ? text : `${Buffer.from(text.slice(0, MAX_TEXT_LENGTH)).toString()}…`;
}

/** What all requests to a mock share. */
export interface MockContext {
  readonly options: Pick<MockOptions, 'record' | 'recordHar' | 'onRequest'>;
  /** The beginning of the mock's URLs. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly spaces: MockSpaces;
  readonly bodies: BodyReader;
  readonly forwarder: Forwarder | null;
  readonly inFlight: InFlight;
  /** Host names that requests for the page and the control API may use. */
  readonly allowedHosts: ReadonlySet<string>;
}

/** One request that is being answered. */
export interface HttpExchange {
  readonly context: MockContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The TCP socket, below TLS too. */
  readonly socket: Socket;
  readonly target: RequestTarget;
  readonly space: MockSpace;
}

/** A request to the endpoint whose body was read, and its answer. */
export interface RecordedExchange {
  readonly head: RequestHead;
  /** The store that accepted the request. */
  readonly store: string;
  /** The URL that the player requested. */
  readonly url: string;
  readonly httpVersion: string;
  readonly contentEncoding: string | undefined;
  readonly bytes: Buffer;
  /** The answer; null without one. */
  readonly reply: MockReply | null;
  /** Whether a fault refused the request, so that nothing counts it. */
  readonly refused: boolean;
  /** Whether the whole body of the answer was sent. */
  readonly whole: boolean;
  /** The time of the answer in unix seconds. */
  readonly answeredAt: number;
}

/** The name of the HAR's creator. It shows that the mock recorded the file, and that each entry is one real request. */
export const HAR_CREATOR = 'omny-consume';

/** The text of a HAR before and after its entries. */
export const HAR_HEAD = `{"log":{"version":"1.2","creator":${JSON.stringify({ name: HAR_CREATOR, version: VERSION })},"pages":[],"entries":[`;

/** @param endedAt The end of the capture in unix seconds: nothing more arrived until then. */
export function harTail(endedAt: number): string {
  return `\n],"_endedDateTime":"${new Date(endedAt * 1000).toISOString()}"}}\n`;
}

/**
 * The exchange as an entry of a HAR 1.2, on one line. Holds only the headers that the rules check, so no cookies and no
 * Authorization.
 */
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
    // Browsers write a request without an answer in this way.
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
