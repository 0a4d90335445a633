import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * What lets a browser's page talk to the endpoint, whatever its origin. A beacon is sent with credentials, so the origin has to be
 * named: browsers refuse `*` there (OBS-1). Set before any answer, a fault's too.
 */
export function allowOrigin({ headers: { origin } }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('vary', 'Origin');
  if (origin === undefined) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
}

/** Answers the question that a browser asks before it sends JSON. */
export function answerPreflight({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'POST, OPTIONS');
  const wanted = headers['access-control-request-headers'];
  if (wanted !== undefined) response.setHeader('access-control-allow-headers', wanted);
  if (headers['access-control-request-private-network'] === 'true') {
    response.setHeader('access-control-allow-private-network', 'true');
  }
  response.writeHead(204, { allow: 'POST, OPTIONS' }).end();
}
