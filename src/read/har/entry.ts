import * as z from 'zod/mini';
import type { Answer, Exchange } from '../../domain/record.js';
import { ENDPOINT_PATH, ORGANIZATION_PARAMETER, responseSchema } from '../../wire/body.js';
import { parseTime } from '../time/times.js';

/** What is missing or of another type counts as absent. */
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
export interface HarRequest {
  /** The body's bytes; `broken` where they are said to be base64 and are not; null where it was not recorded. */
  readonly body: Buffer | 'broken' | null;
  readonly exchange: Exchange;
  /** Of the answer; null where there is none. */
  readonly status: number | null;
}

/** The entry as a request to the endpoint; null where it is none. Nothing of its headers is kept but the media type. */
export function harRequest(entry: unknown): HarRequest | null {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) return null;
  const { request, response, startedDateTime, time, pageref } = parsed.data;
  const url = URL.canParse(request.url) ? new URL(request.url) : null;
  if (request.method.toUpperCase() !== 'POST' || !url?.pathname.endsWith(ENDPOINT_PATH)) return null;
  const began = parseTime(startedDateTime ?? '');
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
