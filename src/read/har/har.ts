import { isUtf8 } from 'node:buffer';
import { UserError } from '../../domain/errors.js';
import type { Input } from '../../domain/place.js';
import type { InputRecord } from '../../domain/record.js';
import { escaped } from '../../domain/text.js';
import { syntaxRecord } from '../json/json.js';
import { isTooDeep, JsonText } from '../json/text.js';
import { MAX_NESTING } from '../limits.js';
import { type EventOptions, Records } from '../records.js';
import { type MissingBody, SEND_UNPACKED } from './body.js';
import {
  type HarRequest,
  harRequest,
  misdirectedRequest,
  pageTimes,
  secondsOf,
  withoutServiceWorkerTwins,
} from './request.js';
import { type HarEntry, harEntries, harText } from './text.js';

/** Facts about a HAR that are not in its records: reported, but not as findings. */
export interface Capture {
  readonly input: Input;
  /** How many entries the HAR has, of any kind. */
  readonly entries: number;
  /** How many POSTs to the endpoint it has. */
  readonly requests: number;
  /** How many requests have no body, or only part of it, by the reason in words. These requests yield no record. */
  readonly missing: ReadonlyMap<string, number>;
  /** How many requests a browser recorded twice, for a page and for its service worker. Each pair counts as one request. */
  readonly twins: number;
  /** How many requests have no status: they failed, or the page was closed before the answer arrived. */
  readonly unanswered: number;
  /** How often the server answered with each status other than 2xx. */
  readonly statuses: ReadonlyMap<number, number>;
  /** How many answers had `Enabled: false`. */
  readonly disabled: number;
  /** The requests with events to another path, or with another method. They yield no record. Null without any. */
  readonly misdirected: Misdirected | null;
}

interface Misdirected {
  readonly requests: number;
  /** Where the first of them was sent (`POST https://traffic.omny.fm/api/consumption/event`), and its line in the HAR. */
  readonly target: string;
  readonly line: number;
}

export interface CaptureOptions {
  /** Called for each HAR before its records are yielded. */
  readonly onCapture?: ((capture: Capture) => void) | undefined;
  /**
   * Whether to also read requests that a fault of the mock refused, in a HAR that the mock recorded. They are not
   * counted anywhere.
   */
  readonly withRefused?: boolean | undefined;
}

type Located<T extends HarRequest> = T & Pick<HarEntry, 'entry' | 'at'>;
type LocatedRequest = Located<HarRequest>;

/**
 * Reads a browser's capture (HAR 1.2): the POSTs to the endpoint, in the order in which they began. The pointer of a
 * place starts at the request's body, as if the body were a document. Its line and column are always those at which the
 * body's text begins in the HAR. If a HAR is cut short, its complete entries are read.
 * @throws UserError of kind `input` where the input is not a HAR, or no request to the endpoint has a recorded body.
 */
export async function* readHar(
  bytes: AsyncIterable<Uint8Array>,
  input: Input,
  { onCapture, withRefused = false, ...options }: CaptureOptions & EventOptions = {},
): AsyncGenerator<readonly InputRecord[]> {
  const source = await harText(bytes);
  if (source.text.trim() === '' && !source.fault) return;
  const { entries, creator, pages, endedAt, broken } = harEntries(source, input);
  // The mock records only what was sent over the network, so its HAR has no twins.
  const fromMock = creator === MOCK_CREATOR;
  const recorded = inOrder(
    entries.flatMap(({ entry, value, at }): LocatedRequest[] => {
      const request = harRequest(value);
      if (!request || (fromMock && request.refused && !withRefused)) return [];
      return [{ ...request, entry, at }];
    }),
  );
  const requests = fromMock ? recorded : withoutServiceWorkerTwins(recorded);
  const twins = recorded.length - requests.length;
  const capture = captureOf(input, entries.length, twins, requests, misdirectedIn(entries));
  if (requests.length > 0 && requests.every(({ body }) => 'missing' in body) && !broken)
    refuse(input, requests);
  if (!broken || entries.length > 0) onCapture?.(capture);
  const records = new Records(input, options);
  const mockEndedAt = fromMock ? secondsOf(endedAt) : undefined;
  const { loadedAt, activeUntil } = pageTimes(
    pages,
    entries.map(({ value }) => value),
  );
  for (const { exchange, ...request } of requests) {
    const store = fromMock ? exchange.store : null;
    const page = exchange.page ?? '';
    const times = { pageLoadedAt: loadedAt.get(page), pageActiveUntil: mockEndedAt ?? activeUntil.get(page) };
    const whole = { ...request, exchange: { ...exchange, ...times, fromMock, store } };
    yield recordsOf(whole, source.lossy, input, records);
  }
  if (broken) yield [syntaxRecord(input, broken, broken.hint)];
}

function captureOf(
  input: Input,
  entries: number,
  twins: number,
  requests: readonly LocatedRequest[],
  misdirected: Misdirected | null,
): Capture {
  const statuses = new Map<number, number>();
  const missing = new Map<string, number>();
  for (const { status, body } of requests) {
    if ('missing' in body) {
      const { why } = MISSING_BODIES[body.missing];
      missing.set(why, (missing.get(why) ?? 0) + 1);
    }
    if (status !== null && (status < 200 || status > 299))
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  return {
    input,
    entries,
    requests: requests.length,
    missing,
    twins,
    unanswered: requests.filter(({ status }) => status === null).length,
    statuses,
    disabled: requests.filter(({ exchange }) => exchange.answer?.enabled === false).length,
    misdirected,
  };
}

function misdirectedIn(entries: readonly HarEntry[]): Misdirected | null {
  const found = entries.flatMap(({ entry, value, at }) => {
    const request = misdirectedRequest(value);
    return request ? [{ ...request, entry, at }] : [];
  });
  const requests = withoutServiceWorkerTwins(inOrder(found));
  const [first] = requests;
  return first ? { requests: requests.length, target: first.target, line: first.at.line } : null;
}

/** The name of the mock in the HARs that it records. */
const MOCK_CREATOR = 'omny-consume';
const MOCK_SEES_ALL = 'let the player send to omny-consume mock instead, which records every request';

/** For each reason why a body is missing: the reason in words, and what to do. */
const MISSING_BODIES: Readonly<Record<MissingBody, { readonly why: string; readonly advice: string }>> = {
  'not-recorded': {
    why: 'the browser did not record it',
    advice: `Some browsers do not record the bodies of beacons: ${MOCK_SEES_ALL}`,
  },
  'in-a-file': {
    why: 'the recorder wrote it to a separate file, which omny-consume does not read',
    advice: `Record with recordHar: { path, content: 'embed' } in Playwright, or ${MOCK_SEES_ALL}`,
  },
  'as-fields': {
    why: 'the recorder wrote it as fields of a form, and their text is not JSON',
    advice: `Send it with Content-Type: application/json, or ${MOCK_SEES_ALL}`,
  },
  cut: {
    why: 'the recorder cut it short',
    advice: `Raise the recorder’s limit for bodies, or ${MOCK_SEES_ALL}`,
  },
};

function refuse(input: Input, requests: readonly LocatedRequest[]): never {
  const [first] = requests.flatMap(({ body }) => ('missing' in body ? [body] : []));
  const whose = requests.length === 1 ? 'the one request' : `none of the ${requests.length} requests`;
  const { why, advice } = MISSING_BODIES[first?.missing ?? 'not-recorded'];
  const what = first?.missing === 'not-recorded' ? 'body' : 'body that can be read';
  const file = first?.file === undefined ? '' : ` (${escaped(first.file)})`;
  throw new UserError(
    'input',
    `${escaped(input.name)}: ${whose} to the endpoint has ${requests.length === 1 ? 'no' : 'a'} ${what}: ${why}${file}`,
    advice,
  );
}

/**
 * Sorts requests by the time at which they began, because a HAR can have any order. A request without a known time
 * stays behind the request before it.
 */
function inOrder<T extends HarRequest>(requests: readonly Located<T>[]): readonly Located<T>[] {
  let last = Number.NEGATIVE_INFINITY;
  return requests
    .map((request) => {
      last = request.exchange.beganAt ?? last;
      return { request, at: last };
    })
    .toSorted((a, b) => (a.at === b.at ? 0 : a.at - b.at))
    .map(({ request }) => request);
}

function recordsOf(
  { body, contentEncoding, exchange, entry, at }: LocatedRequest,
  lossy: boolean,
  input: Input,
  records: Records,
): readonly InputRecord[] {
  if ('missing' in body) return [];
  const broken = (expected: string, received: string, hint = BUILD_IT): InputRecord[] => {
    const record = syntaxRecord(input, { ...at, expected, received }, hint);
    return [{ ...record, place: { ...record.place, entry } }];
  };
  if ('broken' in body) return broken('a body in base64, as the HAR says', 'other characters', RECORD_AGAIN);
  if (contentEncoding !== undefined && contentEncoding.toLowerCase() !== 'identity') {
    return broken(
      'an uncompressed body',
      `Content-Encoding ${JSON.stringify(contentEncoding)}`,
      SEND_UNPACKED,
    );
  }
  const text = body.bytes.toString().replace(/^\ufeff/, '');
  // In a file that is not UTF-8, invalid bytes were replaced by U+FFFD.
  if (!isUtf8(body.bytes) || (lossy && text.includes('\ufffd'))) {
    return broken('a body in UTF-8', 'bytes that are not UTF-8');
  }
  if (text.trim() === '') return broken('a JSON body', 'nothing');
  const json = new JsonText(text, { line: 1, column: 1 });
  const many = json.tooMany();
  if (many) return broken(`${many.expected} in a body`, many.received);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line, column, expected, received, hint } = json.fault();
    const place = `in the request’s body (line ${line}, column ${column} of it)`;
    return broken(
      `${expected} ${place}`,
      received,
      ENDS_EARLY.test(`${expected} ${received}`) ? BUILD_OR_CUT : hint,
    );
  }
  if (isTooDeep(value)) return broken(`a body of at most ${MAX_NESTING} levels of nesting`, 'a deeper body');
  const place = { input, ...at, pointer: '', request: null, entry };
  records.begin();
  records.addRequest(value, place, () => at, exchange);
  return records.end();
}

const ENDS_EARLY = /^a closing quote| the end$/;
const BUILD_IT = 'Build the request’s body with JSON.stringify.';
const BUILD_OR_CUT = `${BUILD_IT} If the player does, the recorder cut the body: ${MOCK_SEES_ALL}.`;
const RECORD_AGAIN = `The recorder wrote it, not the player: record again, or ${MOCK_SEES_ALL}.`;
