import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ENDPOINT_PATH } from '../wire/body.js';
import { discard } from './body-bytes.js';
import { answerControl, json } from './control.js';
import { answerEndpoint, unmatched } from './endpoint.js';
import { foreign } from './hosts.js';
import type { EndpointParts } from './incoming.js';
import type { Ledgers } from './ledgers.js';
import { servePage } from './page/serve.js';
import type { Settling } from './settling.js';
import { targetOf } from './target.js';

/** What requests are answered with. */
export interface RouteParts extends EndpointParts {
  readonly ledgers: Ledgers;
  readonly settling: Settling;
  /** Names under which the page and the control API may be asked for. */
  readonly allowed: ReadonlySet<string>;
}

const CONTROL = '/_mock/';

/** Answers a request by its path. @param socket The TCP socket, below TLS too. */
export async function route(
  request: IncomingMessage,
  response: ServerResponse,
  socket: Socket,
  parts: RouteParts,
): Promise<void> {
  const { ledgers, allowed, bodies } = parts;
  const target = targetOf(request.url ?? '/');
  const { path, query } = target;
  const page = isPage(path, request.method);
  if (!page && !path.startsWith(CONTROL)) {
    const incoming = { request, response, ledger: ledgers.of(target.ledger), target, socket };
    if (path !== ENDPOINT_PATH) return unmatched(incoming, parts);
    return parts.settling.during(() => answerEndpoint(incoming, parts));
  }
  const why = foreign(request, allowed);
  if (why !== null) {
    discard(request);
    return json(response, { status: 403, value: { error: `Refused: ${why}` } });
  }
  if (page) return servePage(request, response, target);
  const name = path.slice(CONTROL.length);
  return answerControl({ request, response, query, name, ledger: ledgers.of(target.ledger) }, bodies);
}

/** `GET /`, and the icon that browsers ask for unasked. */
function isPage(path: string, method = ''): boolean {
  return (method === 'GET' || method === 'HEAD') && (path === '/' || path === '/favicon.ico');
}
