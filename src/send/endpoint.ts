import { isIPv4 } from 'node:net';
import { UserError } from '../domain/errors.js';
import { nearest, quoted } from '../domain/text.js';
import { ENDPOINT_ORIGIN, ENDPOINT_PATH, ORGANIZATION_PARAMETER } from '../wire/body.js';
import type { Batch } from '../write/batches.js';

/** Where batches are posted to. */
export interface Endpoint {
  /** `omny`: the real host by name. `mock`: the built-in stand-in. `url`: any other URL. */
  readonly kind: 'omny' | 'mock' | 'url';
  /** Without the organization and without credentials, so it can be printed. */
  readonly url: string;
  /** Name and port. */
  readonly host: string;
  /** 127.0.0.0/8, ::1 or localhost. */
  readonly loopback: boolean;
  /** The Authorization header with the credentials of the URL; null without any. Never printed. */
  readonly authorization: string | null;
}

const OMNY = `${ENDPOINT_ORIGIN}${ENDPOINT_PATH}`;
const MOCK_DEFAULT = 'http://127.0.0.1:8787';
const FORMS = 'omny (the real host), mock (a stand-in inside this process), or an http or https URL';

/**
 * The endpoint of `--endpoint`: `omny`, `mock` or a URL. For `mock`, it has the default address of the command `mock`;
 * `mockEndpoint` makes the one with the real address once a mock runs.
 * @throws UserError of kind `usage` if the text has none of these forms; the message leaves out credentials
 */
export function parseEndpoint(text: string): Endpoint {
  if (text === 'omny') return endpointAt('omny', new URL(OMNY));
  if (text === 'mock') return mockEndpoint(MOCK_DEFAULT);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    const near = nearest(text, ['omny', 'mock']);
    throw new UserError(
      'usage',
      `the endpoint ${JSON.stringify(masked(text))} is not known`,
      `${near === undefined ? '' : `Did you mean ${near}? `}Give ${FORMS}.`,
    );
  }
  return endpointAt('url', url);
}

/** The endpoint of a built-in stand-in that listens at a URL. */
export function mockEndpoint(url: string): Endpoint {
  return endpointAt('mock', new URL(url));
}

/** The URL that a batch of an organization is posted to (API-1). */
export function requestUrl(endpoint: Endpoint, organizationId: string): string {
  const joint = endpoint.url.includes('?') ? '&' : '?';
  return `${endpoint.url}${joint}${new URLSearchParams({ [ORGANIZATION_PARAMETER]: organizationId }).toString()}`;
}

function endpointAt(kind: Endpoint['kind'], url: URL): Endpoint {
  const path = url.pathname === '/' ? ENDPOINT_PATH : url.pathname;
  const query = url.search.slice(1).split('&').filter(isKept).join('&');
  return {
    kind,
    url: `${url.origin}${path}${query === '' ? '' : `?${query}`}`,
    host: url.host,
    loopback: isLoopback(url.hostname),
    authorization: url.username === '' && url.password === '' ? null : basic(url),
  };
}

/** Whether a query parameter is kept: all are, except the organization, ignoring case. */
function isKept(parameter: string): boolean {
  const [name] = new URLSearchParams(parameter).keys();
  return name?.toLowerCase() !== ORGANIZATION_PARAMETER.toLowerCase();
}

/** Whether a host is this machine. @param host An address, or the host as written in a URL. */
export function isLoopback(host: string): boolean {
  return ['localhost', '::1', '[::1]'].includes(host) || (isIPv4(host) && host.startsWith('127.'));
}

function basic({ username, password }: URL): string {
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function masked(text: string): string {
  return text.replace(/^.*@/s, '***@');
}

/** The key of an endpoint in a ledger: scheme, host, port and path, never credentials. All built-in mocks have one key. */
export function endpointKey({ kind, url }: Pick<Endpoint, 'kind' | 'url'>): string {
  if (kind === 'mock') return 'mock';
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

/** Linux takes no single argument of 128 KiB or more: a longer body is passed as a here-document. */
const LONGEST_ARGUMENT = 100_000;

/**
 * A command for a POSIX shell that posts the batch (API-1, API-2), ending in a newline. Credentials of the endpoint are not in it.
 */
export function curlCommand(batch: Pick<Batch, 'organizationId' | 'body'>, endpoint: Endpoint): string {
  return curlPost(requestUrl(endpoint, batch.organizationId), batch.body.toString(), 'application/json');
}

/** A command for a POSIX shell that posts a body, ending in a newline. @param type Its media type; null for none. */
export function curlPost(url: string, body: string, type: string | null): string {
  const long = Buffer.byteLength(body) > LONGEST_ARGUMENT;
  const lines = [
    `curl -X POST${/[[\]{}]/.test(url) ? ' --globoff' : ''}`,
    `  ${quoted(url)}`,
    `  -H ${quoted(type === null ? 'Content-Type:' : `Content-Type: ${type}`)}`,
    long ? `  --data-binary @- <<'END_OF_BODY'\n${body}\nEND_OF_BODY` : `  --data-raw ${quoted(body)}`,
  ];
  return `${lines.join(' \\\n')}\n`;
}
