import type { IncomingMessage } from 'node:http';
import type { Exchange } from '../domain/record.js';
import { ORGANIZATION_PARAMETER } from '../wire/body.js';
import type { MockRequest } from './page-data.js';
import type { Target } from './target.js';

/** What the head of a request tells. */
export type Asked = Pick<
  MockRequest,
  'receivedAt' | 'method' | 'url' | 'organizationParameter' | 'contentType' | 'origin' | 'userAgent'
>;

const LONGEST = 500;

/** @param receivedAt Unix seconds. */
export function askedOf(
  { method = '', url = '', headers }: IncomingMessage,
  target: Target,
  receivedAt: number,
): Asked {
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

/** How it went over the wire, as the rules see it. @param host The Host header. */
export function exchangeOf(
  { organizationParameter, contentType, receivedAt }: Asked,
  host: string | undefined,
): Exchange {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? null;
  return {
    host: host?.toLowerCase() ?? '',
    organizationParameter,
    mediaType,
    beganAt: receivedAt,
    page: null,
    answer: null,
  };
}

function shortenedOrNull(text: string | undefined): string | null {
  return text === undefined ? null : shortened(text);
}

/** A copy: a slice would hold on to the whole text. */
function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${Buffer.from(text.slice(0, LONGEST)).toString()}…`;
}
