import type { ServerResponse } from 'node:http';
import { ENDPOINT_PATH } from '../../wire/body.js';

/** What the endpoint answers. */
export interface MockReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The `Enabled` in it; null where it has none. */
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

/** Sends an answer whole. */
export function sendReply(response: ServerResponse, { status, headers, body }: MockReply): void {
  const length = status === 204 || status === 304 ? {} : { 'content-length': body.length };
  response.writeHead(status, { ...headers, ...length }).end(body);
}

/** Sends JSON that no page of another origin can read, and no browser takes for anything else. */
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
