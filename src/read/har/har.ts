import { isUtf8 } from 'node:buffer';
import * as z from 'zod/mini';
import { UserError } from '../../domain/errors.js';
import type { Input } from '../../domain/place.js';
import type { Answer, Exchange, InputRecord } from '../../domain/record.js';
import { escaped } from '../../domain/text.js';
import { ENDPOINT_PATH, ORGANIZATION_PARAMETER, responseSchema } from '../../wire/body.js';
import { isTooDeep, JsonText } from '../json/text.js';
import { syntaxRecord } from '../json/value.js';
import { MAX_NESTING } from '../limits.js';
import { type EventOptions, Records } from '../records.js';
import { timeReader } from '../time/times.js';
import { type HarEntry, harEntries, harText } from './text.js';

/** What a HAR holds besides what its records say: told, no findings. */
export interface Capture {
  readonly input: Input;
  /** Exchanges of any kind. */
  readonly entries: number;
  /** POSTs to the endpoint. */
  readonly requests: number;
  /** Of those, the ones whose body was not recorded: no record comes of them. */
  readonly withoutBody: number;
  /** Without a status: they failed, or the page was gone before the answer came. */
  readonly unanswered: number;
  /** How often each status that is no 2xx was answered, by status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Answered `Enabled: false`. */
  readonly disabled: number;
}

export interface CaptureOptions {
  /** Called for each HAR before its records come. */
  readonly onCapture?: ((capture: Capture) => void) | undefined;
}

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
  { onCapture, ...options }: CaptureOptions & EventOptions = {},
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

/** What is missing or of another type counts as absent. */
const READ_TIME = timeReader();
const orAbsent = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(schema), undefined);

const content = z.object({ text: z.string(), encoding: orAbsent(z.string()) });
type Content = z.infer<typeof content>;

/** The few properties of a HAR's entry that are looked at. */
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
    postData: orAbsent(z.extend(content, { text: orAbsent(z.string()), mimeType: orAbsent(z.string()) })),
  }),
  response: orAbsent(z.object({ status: z.number(), content: orAbsent(content) })),
});

/** A POST to the endpoint, as a HAR has it. */
interface HarRequest {
  /** The body's bytes; `broken` where they are said to be base64 and are not; null where it was not recorded. */
  readonly body: Buffer | 'broken' | null;
  readonly exchange: Exchange;
  /** Of the answer; null where there is none. */
  readonly status: number | null;
}

/** The entry as a request to the endpoint; null where it is none. Nothing of its headers is kept but the media type. */
function harRequest(entry: unknown): HarRequest | null {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) return null;
  const { request, response, startedDateTime, time, pageref } = parsed.data;
  const url = URL.canParse(request.url) ? new URL(request.url) : null;
  if (request.method.toUpperCase() !== 'POST' || !url?.pathname.endsWith(ENDPOINT_PATH)) return null;
  const began = READ_TIME(startedDateTime ?? '');
  const beganAt = 'seconds' in began ? began.seconds : null;
  const { postData, headers } = request;
  const header = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value;
  const status = response && response.status > 0 ? response.status : null;
  const answeredAt = beganAt === null || time === undefined ? null : beganAt + time / 1000;
  return {
    body: postData?.text ? bytesOf({ ...postData, text: postData.text }) : null,
    status,
    exchange: {
      host: url.host,
      organizationParameter: organizationOf(url),
      mediaType: mediaTypeOf(header ?? postData?.mimeType ?? ''),
      beganAt,
      page: pageref ?? null,
      answer: status === null ? null : { at: answeredAt, enabled: enabledOf(status, response?.content) },
    },
  };
}

function bytesOf({ text, encoding }: Content): Buffer | 'broken' {
  if (encoding?.toLowerCase() !== 'base64') return Buffer.from(text);
  return /^[\w+/\s-]*(?:=[=\s]*)?$/.test(text) ? Buffer.from(text, 'base64') : 'broken';
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
    return responseSchema().parse(JSON.parse(bytesOf(answer).toString())).Enabled;
  } catch {
    return null;
  }
}
