import { isUtf8 } from 'node:buffer';
import { UserError } from '../../domain/errors.js';
import { escaped } from '../../domain/escaped.js';
import type { Input } from '../../domain/place.js';
import type { InputRecord } from '../../domain/record.js';
import { isTooDeep, JsonText } from '../json/text.js';
import { syntaxRecord } from '../json/value.js';
import { MAX_NESTING } from '../limits.js';
import { type ChangeOptions, Records } from '../records.js';
import type { Capture, CaptureOptions } from './capture.js';
import { type HarRequest, harRequest } from './entry.js';
import { type HarEntry, harEntries, harText } from './text.js';

type LocatedRequest = HarRequest & Pick<HarEntry, 'at'>;

/**
 * Reads a browser's capture (HAR 1.2): the POSTs to the endpoint, in the order in which they began. A place has the pointer below the
 * request's body, as if that were a document of its own, and the line and column at which the body's text begins in the HAR, whatever it
 * is about in it. Of a HAR that is cut short, the entries before that are read.
 * @throws UserError of kind `input` where it is no HAR, and where the body of no request to the endpoint was recorded.
 */
export async function* readHar(
  bytes: AsyncIterable<Uint8Array>,
  input: Input,
  { onCapture, ...options }: CaptureOptions & ChangeOptions = {},
): AsyncGenerator<readonly InputRecord[]> {
  const { text, fault } = await harText(bytes);
  if (text.trim() === '' && !fault) return;
  const { entries, broken } = harEntries(text, input, fault);
  const requests = entries.flatMap(({ value, at }): LocatedRequest[] => {
    const request = harRequest(value);
    return request ? [{ ...request, at }] : [];
  });
  const capture = captureOf(input, entries.length, requests);
  if (capture.withoutBody > 0 && capture.withoutBody === capture.requests && !broken) refuse(capture);
  if (!broken || entries.length > 0) onCapture?.(capture);
  const records = new Records(input, options);
  for (const request of inOrder(requests)) yield recordsOf(request, input, records);
  if (broken) yield [syntaxRecord(input, broken, broken.hint)];
}

function captureOf(input: Input, entries: number, requests: readonly LocatedRequest[]): Capture {
  const statuses = new Map<number, number>();
  for (const { status } of requests) {
    if (status !== null && (status < 200 || status > 299))
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  return {
    input,
    entries,
    requests: requests.length,
    withoutBody: requests.filter(({ body }) => body === null).length,
    unanswered: requests.filter(({ status }) => status === null).length,
    statuses,
    disabled: requests.filter(({ exchange }) => exchange.answer?.enabled === false).length,
  };
}

function refuse({ input, requests }: Capture): never {
  const whose = requests === 1 ? 'the one request' : `none of the ${requests} requests`;
  throw new UserError(
    'input',
    `${escaped(input.name)}: ${whose} to the endpoint has ${requests === 1 ? 'no' : 'a'} body: the browser did not record it`,
    'Some browsers do not for beacons: let the player send to omny-consume mock instead, which sees all',
  );
}

/** By the time at which they began, as a HAR need not have them; one whose time is not known stays behind the one before it. */
function inOrder(requests: readonly LocatedRequest[]): readonly LocatedRequest[] {
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
  { body, exchange, at }: LocatedRequest,
  input: Input,
  records: Records,
): readonly InputRecord[] {
  if (body === null) return [];
  const broken = (expected: string, received: string): InputRecord[] => [
    syntaxRecord(input, { ...at, expected, received }, 'Build the request’s body with JSON.stringify.'),
  ];
  if (body === 'broken') return broken('a body in base64, as the HAR says', 'other characters');
  if (!isUtf8(body)) return broken('a body in UTF-8', 'bytes that are not');
  const text = body.toString();
  const many = new JsonText(text, { line: 1, column: 1 }).tooMany();
  if (many) return broken(`${many.expected} in a body`, many.received);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { line, column, expected, received } = new JsonText(text, { line: 1, column: 1 }).fault();
    return broken(`${expected} in the request’s body (line ${line}, column ${column} of it)`, received);
  }
  if (isTooDeep(value)) return broken(`a body of at most ${MAX_NESTING} levels of nesting`, 'a deeper one');
  const place = { input, ...at, pointer: '', request: null };
  records.begin();
  records.addRequest(value, place, () => at, exchange);
  return records.end();
}
