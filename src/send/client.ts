import type { Dispatcher } from 'undici';
import type { Batch } from '../write/batches.js';
import type { Attempt } from './attempt.js';
import { type Clock, systemClock } from './clock.js';
import { type Endpoint, requestUrl } from './endpoint.js';
import { exchange } from './exchange.js';
import { type ConnectionOptions, connections } from './proxies.js';

/** Posts a batch once, and tells what became of it; it never throws for what the network does. */
export type Post = (batch: Pick<Batch, 'organizationId' | 'body'>) => Promise<Attempt>;

export interface Client {
  readonly post: Post;
  /** Closes all connections; a post that is not settled fails. */
  close(): Promise<void>;
}

export interface ClientOptions extends Omit<ConnectionOptions, 'loopback'> {
  readonly endpoint: Endpoint;
  /** This program's, for the User-Agent. */
  readonly version: string;
  readonly clock?: Clock | undefined;
  /** In place of own connections; closed with the client. */
  readonly dispatcher?: Dispatcher | undefined;
}

const MAX_ANSWER_BYTES = 65_536;

/** What an attempt ends with where the server closed its connection. */
const CLOSED = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'];

/** Connections to an endpoint (API-1, API-2): kept alive, one request at a time on each, redirects never followed. */
export function openClient(options: ClientOptions): Client {
  const { endpoint, version, timeoutMs, clock = systemClock } = options;
  const open = () => options.dispatcher ?? connections({ ...options, loopback: endpoint.loopback });
  let dispatcher = open();
  /** Whether a connection may have been used before. */
  let reused = false;
  const old: Dispatcher[] = [];
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': `omny-consume/${version}`,
    ...(endpoint.authorization === null ? {} : { authorization: endpoint.authorization }),
  };
  const limits = { timeoutMs, maxAnswerBytes: MAX_ANSWER_BYTES, clock };
  /** Where the last request went: the next often goes there too. */
  let last = { organizationId: '', ...targetOf(endpoint, '') };
  return {
    async post({ organizationId, body }) {
      if (organizationId !== last.organizationId)
        last = { organizationId, ...targetOf(endpoint, organizationId) };
      const { origin, path } = last;
      const used = dispatcher;
      const attempt = await exchange(used, { origin, path, method: 'POST', headers, body }, limits);
      if (attempt.kind === 'answered') reused = true;
      else if (
        attempt.kind === 'no-answer' &&
        CLOSED.includes(attempt.code) &&
        reused &&
        used === dispatcher
      ) {
        // The server has closed a connection that was kept: it may have closed the others too.
        dispatcher = open();
        reused = false;
        if (dispatcher !== used) old.push(used);
      }
      return attempt;
    },
    async close() {
      await Promise.all([...old, dispatcher].map((each) => each.destroy()));
    },
  };
}

function targetOf(
  endpoint: Endpoint,
  organizationId: string,
): { readonly origin: string; readonly path: string } {
  const { origin, pathname, search } = new URL(requestUrl(endpoint, organizationId));
  return { origin, path: pathname + search };
}
