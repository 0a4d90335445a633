import type { IncomingMessage, ServerResponse } from 'node:http';
import { ENDPOINT_PATH } from '../../wire/body.js';

/** An answer of the endpoint. */
export interface MockReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** `Enabled` in the answer; null without one. */
  readonly enabled: boolean | null;
}

export const ANOTHER_PATH = `another path: POST to ${ENDPOINT_PATH}`;

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' } as const;

/** The answer that Omny gives (API-6). */
export function enabledReply(enabled: boolean): MockReply {
  return {
    status: 200,
    headers: JSON_TYPE,
    body: Buffer.from(JSON.stringify({ Enabled: enabled })),
    enabled,
  };
}

/** An answer without `Enabled`, with a sentence for people. */
export function messageReply(status: number, message: string, more: object = {}): MockReply {
  const body = Buffer.from(JSON.stringify({ Message: message, ...more }));
  return { status, headers: JSON_TYPE, body, enabled: null };
}

/** Sends a complete answer. */
export function sendReply(response: ServerResponse, { status, headers, body }: MockReply): void {
  const length = status === 204 || status === 304 ? {} : { 'content-length': body.length };
  response.writeHead(status, { ...headers, ...length }).end(body);
}

/** Sends JSON with headers that keep pages of other origins from reading it, and browsers from guessing another type. */
export function sendJson(response: ServerResponse, status: number, value: object): void {
  const body = Buffer.from(`${JSON.stringify({ version: 1, ...value })}\n`);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': "default-src 'none'",
  });
  response.end(body);
}

/**
 * Sets the headers that allow pages of any origin to use the endpoint. Browsers send beacons with credentials, and then accept
 * only the name of the origin, not `*` (OBS-1). Call it before every answer, also before that of a fault.
 */
export function allowOrigin({ headers: { origin } }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('vary', 'Origin');
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
}

/**
 * Answers a preflight request (CORS), which a browser sends before it sends JSON. Any method may be tried: a wrong one is
 * answered with what is right.
 */
export function answerPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
  const method = headers['access-control-request-method'] ?? 'POST';
  response.setHeader('access-control-allow-methods', `${method}, OPTIONS`);
  const wanted = headers['access-control-request-headers'];
  if (wanted !== undefined) response.setHeader('access-control-allow-headers', wanted);
  if (headers['access-control-request-private-network'] === 'true') {
    response.setHeader('access-control-allow-private-network', 'true');
  }
  response.writeHead(204, { allow: 'POST, OPTIONS' }).end();
}
