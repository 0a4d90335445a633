import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ENDPOINT_PATH } from '../wire/body.js';

export interface StandInOptions {
  /** 0, the default: any free one. */
  readonly port?: number;
  /** What it answers (API-6); default true. */
  readonly enabled?: boolean;
  /** So many of the newest requests are kept; default all. */
  readonly keep?: number;
}

/** A request that the stand-in took. */
export interface ReceivedRequest {
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body. */
  readonly body: unknown;
}

/** A running stand-in for Omny's endpoint. */
export interface StandIn {
  /** The endpoint's URL. */
  readonly url: string;
  /** The requests taken, oldest first. */
  received(): readonly ReceivedRequest[];
  /** Ends all connections. */
  close(): Promise<void>;
}

const LARGEST_BODY = 10 * 1024 * 1024;

/** Starts a minimal stand-in for the endpoint on 127.0.0.1: it takes JSON posted to the endpoint's path and answers `Enabled`. */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const { port = 0, enabled = true, keep = Number.POSITIVE_INFINITY } = options;
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, enabled).then((received) => {
      if (received !== null) requests.push(received);
      if (requests.length > keep) requests.shift();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${ENDPOINT_PATH}`,
    received: () => [...requests],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  enabled: boolean,
): Promise<ReceivedRequest | null> {
  const { url = '', method, headers } = request;
  if (url.split('?', 1)[0] !== ENDPOINT_PATH) {
    return reject(request, response, 404, `Post to ${ENDPOINT_PATH}`);
  }
  if (method !== 'POST') return reject(request, response, 405, 'Only POST is taken here', { allow: 'POST' });
  const text = await bodyOf(request);
  if (text === null) return reject(request, response, 413, `At most ${LARGEST_BODY} bytes are taken`);
  try {
    const body: unknown = JSON.parse(text);
    respond(response, 200, { Enabled: enabled });
    return { url, headers, body };
  } catch {
    return reject(request, response, 400, 'The body is no JSON');
  }
}

/** The body, read to its end; null where it is too large or breaks off. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= LARGEST_BODY) chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return size > LARGEST_BODY ? null : Buffer.concat(chunks).toString();
}

function reject(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): null {
  request.resume();
  respond(response, status, { Message: message }, headers);
  return null;
}

function respond(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
