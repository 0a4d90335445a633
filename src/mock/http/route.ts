import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ENDPOINT_PATH } from '../../wire/body.js';
import { answerControl } from '../control.js';
import { servePage } from '../page/page.js';
import { discard } from './body.js';
import type { MockContext } from './context.js';
import { answerEndpoint, answerUnmatched } from './endpoint.js';
import { sendJson } from './reply.js';
import { parseTarget } from './request-head.js';

const CONTROL = '/_mock/';

/** Answers a request by its path. @param socket The TCP socket, below TLS too. */
export async function route(
  request: IncomingMessage,
  response: ServerResponse,
  socket: Socket,
  context: MockContext,
): Promise<void> {
  const target = parseTarget(request.url ?? '/');
  const { path } = target;
  // A space begins when it is named: not for a page, and not for a request that is refused.
  const exchange = () => {
    const space = context.spaces.of(target.space);
    return { context, request, response, socket, target, space };
  };
  const page = isPage(path, request.method);
  if (!page && !path.startsWith(CONTROL)) {
    if (path !== ENDPOINT_PATH) return answerUnmatched(exchange());
    const endpoint = exchange();
    return context.inFlight.during(() => answerEndpoint(endpoint));
  }
  const refused = refusalReason(request, context.allowedHosts);
  if (refused !== null) {
    discard(request);
    return sendJson(response, 403, { error: `Refused: ${refused}` });
  }
  if (page) return servePage(request, response, target);
  return answerControl(exchange(), path.slice(CONTROL.length));
}

/** `GET /`, and the icon that browsers ask for unasked. */
function isPage(path: string, method = ''): boolean {
  return (method === 'GET' || method === 'HEAD') && (path === '/' || path === '/favicon.ico');
}

/**
 * Why a request may not see the page or the control API; null where it may. A page elsewhere can make a browser ask here, under a name
 * that it has pointed at this machine (DNS rebinding) or across origins: the name and the origin tell.
 * @param allowed Names besides `localhost` and the address that the request came in at, in lower case.
 */
export function refusalReason(
  {
    headers,
    socket,
  }: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly localAddress?: string } },
  allowed: ReadonlySet<string>,
): string | null {
  const host = headers.host?.toLowerCase() ?? '';
  const name = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  const own = name === 'localhost' || name === addressOf(socket.localAddress) || allowed.has(name);
  if (!own)
    return `the host ${JSON.stringify(headers.host ?? '')} is not this mock's: --allow-host lets it in`;
  const { origin } = headers;
  if (origin !== undefined && hostOf(origin) !== host) {
    return `the origin ${JSON.stringify(origin)} is another one: ask without a browser, or from the mock's own page`;
  }
  const site = headers['sec-fetch-site'];
  if ((site === 'cross-site' || site === 'same-site') && headers['sec-fetch-mode'] !== 'navigate') {
    return 'another site asked for it in a browser';
  }
  return null;
}

/** An IPv4 address that came in over IPv6 as itself. */
function addressOf(local: string | undefined): string | undefined {
  return local?.replace(/^::ffff:/i, '');
}

function hostOf(origin: string): string | null {
  return /^https?:\/\//i.test(origin) ? origin.replace(/^https?:\/\//i, '').toLowerCase() : null;
}
