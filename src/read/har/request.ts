import * as z from 'zod/mini';
import type { Answer, Exchange } from '../../domain/record.js';
import { endpointPathAtEnd, holdsEvents, ORGANIZATION_PARAMETER, responseSchema } from '../../wire/body.js';
import { timeReader } from '../time/times.js';
import {
  bodyOf,
  type Content,
  contentSchema,
  type HarBody,
  orAbsent,
  postDataSchema,
  textOf,
} from './body.js';

const READ_TIME = timeReader();

/** The few properties of a HAR's entry that are read. */
const entrySchema = z.object({
  startedDateTime: orAbsent(z.string()),
  time: orAbsent(z.number().check(z.minimum(0))),
  pageref: orAbsent(z.string()),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: z.catch(
      z.array(z.catch(z.object({ name: z.string(), value: z.string() }), { name: '', value: '' })),
      [],
    ),
    bodySize: orAbsent(z.number()),
    postData: orAbsent(postDataSchema),
  }),
  response: orAbsent(z.object({ status: z.number(), content: orAbsent(contentSchema) })),
  // Chromium sets this on a page's request that its service worker answered.
  _fetchedViaServiceWorker: orAbsent(z.boolean()),
  // Playwright sets this on a request that a service worker made.
  _serviceWorkerRef: orAbsent(z.string()),
  // The mock sets this on requests before a reset, or to another /t/NAME.
  _store: orAbsent(z.string()),
  // The mock sets this on a request that a fault refused before it was counted.
  _refused: orAbsent(z.boolean()),
});

/** A request with a body, as a HAR has it. */
export interface HarRequest {
  readonly body: HarBody;
  readonly exchange: Exchange;
  /** The Content-Encoding header; undefined without one. */
  readonly contentEncoding: string | undefined;
  /** The status of the response; null without one. */
  readonly status: number | null;
  /** Unix seconds, with fractions, at which the exchange ended; null where that is not known. */
  readonly endedAt: number | null;
  /** Which side of a service worker recorded it, where the capture says so. */
  readonly side: 'page' | 'worker' | null;
  /** Whether the entry says that a fault of the mock refused the request. */
  readonly refused: boolean;
  /** A key that is equal for requests with the same URL and body; null where the body is not known. */
  readonly sameAs: string | null;
}

/** Reads an entry as a request to the endpoint; null if it is another request. Of its headers, only the media type is kept. */
export function harRequest(entry: unknown): HarRequest | null {
  const sent = sentRequest(entry);
  return sent?.isToEndpoint ? requestOf(sent, endpointPathAtEnd(sent.url.pathname)!) : null;
}

/** A request with events to another path, or with another method than POST. */
export interface MisdirectedRequest extends HarRequest {
  /** Where it was sent: `POST https://traffic.omny.fm/api/consumption/event`. */
  readonly target: string;
}

/** Reads an entry as a request with events that did not go to the endpoint; null if it is another request. */
export function misdirectedRequest(entry: unknown): MisdirectedRequest | null {
  const sent = sentRequest(entry);
  if (!sent?.data.request.postData || sent.isToEndpoint) return null;
  const { url, data } = sent;
  const request = requestOf(sent, url.pathname);
  if (!('bytes' in request.body) || !holdsEvents(request.body.bytes.toString())) return null;
  const target = `${data.request.method.toUpperCase()} ${url.protocol}//${url.host}${url.pathname}`;
  return { ...request, target };
}

interface SentRequest {
  readonly data: z.infer<typeof entrySchema>;
  readonly url: URL;
  readonly isToEndpoint: boolean;
}

function sentRequest(entry: unknown): SentRequest | null {
  const { data } = entrySchema.safeParse(entry);
  if (!data || !URL.canParse(data.request.url)) return null;
  const url = new URL(data.request.url);
  const isPost = data.request.method.toUpperCase() === 'POST';
  return { data, url, isToEndpoint: isPost && endpointPathAtEnd(url.pathname) !== null };
}

function requestOf({ data, url }: SentRequest, path: string): HarRequest {
  const { request, response, startedDateTime, time, pageref } = data;
  const began = READ_TIME(startedDateTime ?? '');
  const beganAt = 'seconds' in began ? began.seconds : null;
  const endedAt = beganAt === null || time === undefined ? null : beganAt + time / 1000;
  const header = (wanted: string) => request.headers.find(({ name }) => name.toLowerCase() === wanted)?.value;
  const status = response && response.status > 0 ? response.status : null;
  const body = bodyOf(request.postData, declaredSize(header('content-length'), request.bodySize));
  return {
    body,
    contentEncoding: header('content-encoding'),
    status,
    endedAt,
    side: data._serviceWorkerRef ? 'worker' : data._fetchedViaServiceWorker ? 'page' : null,
    refused: data._refused === true,
    sameAs: 'bytes' in body ? `${request.url} ${body.bytes.toString('latin1')}` : null,
    exchange: {
      host: url.host,
      path,
      organizationParameter: organizationOf(url),
      mediaType: mediaTypeOf(header('content-type') ?? request.postData?.mimeType ?? ''),
      beganAt,
      fromMock: false,
      page: pageref ?? null,
      store: data._store ?? null,
      answer: status === null ? null : { at: endedAt, enabled: enabledOf(status, response?.content), status },
    },
  };
}

/** A time of a HAR in unix seconds; undefined for any other text. */
export function secondsOf(written: unknown): number | undefined {
  const time = typeof written === 'string' ? READ_TIME(written) : null;
  return time && 'seconds' in time ? time.seconds : undefined;
}

/** When pages of a capture were loaded, and when the last request of each began, of any kind: unix seconds by their ids. */
export interface PageTimes {
  readonly loadedAt: ReadonlyMap<string, number>;
  readonly activeUntil: ReadonlyMap<string, number>;
}

const pagesSchema = z.array(z.object({ id: z.string(), startedDateTime: z.string() }));
const anyEntrySchema = z.object({ startedDateTime: z.string(), pageref: z.string() });

/** @param pages `log.pages`; can be of any type. @param entries `log.entries`. */
export function pageTimes(pages: unknown, entries: readonly unknown[]): PageTimes {
  const loadedAt = new Map<string, number>();
  const activeUntil = new Map<string, number>();
  for (const { id, startedDateTime } of pagesSchema.safeParse(pages).data ?? []) {
    const time = READ_TIME(startedDateTime);
    if ('seconds' in time) loadedAt.set(id, time.seconds);
  }
  for (const entry of loadedAt.size === 0 ? [] : entries) {
    const { pageref, startedDateTime = '' } = anyEntrySchema.safeParse(entry).data ?? {};
    const time = pageref === undefined ? null : READ_TIME(startedDateTime);
    if (pageref === undefined || !time || !('seconds' in time)) continue;
    activeUntil.set(pageref, Math.max(activeUntil.get(pageref) ?? 0, time.seconds));
  }
  return { loadedAt, activeUntil };
}

/**
 * Leaves out requests that were never sent over the network. If a service worker answers a page's request, the browser
 * records two entries: the page's request to the worker, and the request that the worker sent. Both are equal, and the
 * page's entry encloses the worker's in time. The page's entry is left out, and the worker's entry gets its page.
 * @param requests In the order in which they began.
 */
export function withoutServiceWorkerTwins<T extends HarRequest>(requests: readonly T[]): readonly T[] {
  const twins = new Map<T, T>();
  const answeredByWorker = new Set<T>();
  for (const same of groupsOf(requests)) {
    for (const [i, page] of same.entries()) {
      if (twins.has(page)) continue;
      const worker = same
        .slice(i + 1, i + 1 + MAX_BETWEEN)
        .find((other) => !twins.has(other) && isSentFor(other, page));
      if (!worker) continue;
      twins.set(worker, page);
      answeredByWorker.add(page);
    }
  }
  return requests
    .filter((request) => !answeredByWorker.has(request))
    .map((request) => {
      const page = request.exchange.page ?? twins.get(request)?.exchange.page ?? null;
      return page === request.exchange.page
        ? request
        : { ...request, exchange: { ...request.exchange, page } };
    });
}

/** How many of the next equal requests are searched for the twin of a request. */
const MAX_BETWEEN = 16;

function groupsOf<T extends HarRequest>(requests: readonly T[]): Iterable<readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const request of requests) {
    if (request.sameAs === null) continue;
    const group = groups.get(request.sameAs);
    if (group) group.push(request);
    else groups.set(request.sameAs, [request]);
  }
  return groups.values();
}

/** Whether a service worker sent the later request `worker` for the request `page` of a page. */
function isSentFor(worker: HarRequest, page: HarRequest): boolean {
  if (worker.side === 'page' || page.side === 'worker') return false;
  const [workerBegan, pageBegan] = [worker.exchange.beganAt, page.exchange.beganAt];
  if (workerBegan === null || pageBegan === null) return worker.side === 'worker' || page.side === 'page';
  if (page.endedAt !== null && workerBegan > page.endedAt) return false;
  if (worker.side === 'worker' || page.side === 'page') return true;
  return (
    workerBegan > pageBegan &&
    page.endedAt !== null &&
    worker.endedAt !== null &&
    worker.endedAt <= page.endedAt
  );
}

function declaredSize(contentLength: string | undefined, bodySize: number | undefined): number | null {
  const size = contentLength === undefined ? bodySize : Number(contentLength);
  // Recorders also write the size 0 for a body that they did not see.
  if (contentLength === '0') return 0;
  return size !== undefined && size > 0 ? size : null;
}

function organizationOf(url: URL): string | null {
  const wanted = ORGANIZATION_PARAMETER.toLowerCase();
  const parameter = [...url.searchParams].find(([name]) => name.toLowerCase() === wanted);
  return parameter ? parameter[1] : null;
}

function mediaTypeOf(header: string): string | null {
  const [type = ''] = header.split(';', 1);
  return type.trim().toLowerCase() || null;
}

function enabledOf(status: number, answer: Content | undefined): Answer['enabled'] {
  if (status < 200 || status > 299 || !answer) return null;
  try {
    return responseSchema().parse(JSON.parse(textOf(answer))).Enabled;
  } catch {
    return null;
  }
}
