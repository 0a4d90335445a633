import type { Endpoint } from '../endpoint.js';

/** What a ledger knows an endpoint by: scheme, host, port and path, never credentials; all built-in mocks are one. */
export function endpointKey({ kind, url }: Pick<Endpoint, 'kind' | 'url'>): string {
  if (kind === 'mock') return 'mock';
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
