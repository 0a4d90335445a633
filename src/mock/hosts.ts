import type { IncomingMessage } from 'node:http';

/**
 * Why a request may not see the page or the control API; null where it may. A page elsewhere can make a browser ask here, under a name
 * that it has pointed at this machine (DNS rebinding) or across origins: the name and the origin tell.
 * @param allowed Names besides `localhost` and the address that the request came in at, in lower case.
 */
export function foreign(
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
