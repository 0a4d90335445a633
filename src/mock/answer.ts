import type { ServerResponse } from 'node:http';
import { ENDPOINT_PATH } from '../wire/body.js';

/** What the endpoint answers. */
export interface MockAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The `Enabled` in it; null where it has none. */
  readonly enabled: boolean | null;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' } as const;

/** The answer that Omny gives (API-6). */
export function enabledAnswer(enabled: boolean): MockAnswer {
  return {
    status: 200,
    headers: JSON_TYPE,
    body: Buffer.from(JSON.stringify({ Enabled: enabled })),
    enabled,
  };
}

/** An answer without `Enabled`, with a sentence for people. */
export function messageAnswer(status: number, message: string, more: object = {}): MockAnswer {
  const body = Buffer.from(JSON.stringify({ Message: message, ...more }));
  return { status, headers: JSON_TYPE, body, enabled: null };
}

export const ANOTHER_PATH = `another path: POST to ${ENDPOINT_PATH}`;

/** Sends an answer whole. */
export function send(response: ServerResponse, { status, headers, body }: MockAnswer): void {
  const length = status === 204 || status === 304 ? {} : { 'content-length': body.length };
  response.writeHead(status, { ...headers, ...length }).end(body);
}
