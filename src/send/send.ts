import { VERSION } from '../domain/version.js';
import { DEFAULT_SOURCE } from '../wire/body.js';
import { type BatchSettings, batches } from '../write/batches.js';
import type { WritableSession } from '../write/writable.js';
import { openClient } from './client.js';
import { type DeliverOptions, deliver } from './deliver.js';
import type { Delivery } from './delivery.js';
import { type Endpoint, mockEndpoint, parseEndpoint } from './endpoint.js';

/** How sessions are put into requests unless told: what browsers may send as a beacon (OBS-1). */
export const BATCH_DEFAULTS = {
  maxSessions: 50,
  maxBytes: 65_536,
  defaultSource: DEFAULT_SOURCE,
} as const satisfies BatchSettings;

const POLITE_RATE = 10;

export interface SendOptions<S extends WritableSession = WritableSession>
  extends Partial<BatchSettings>,
    Partial<
      Pick<
        DeliverOptions<S>,
        'concurrency' | 'rate' | 'organizations' | 'signal' | 'onRequest' | 'onProgress'
      >
    > {
  /** `omny` (the real host), `mock` (a stand-in inside this process) or a URL. */
  readonly endpoint: string | Endpoint;
  /** For one exchange, from connecting to the last byte of the answer; 30,000 unless told. */
  readonly timeoutMs?: number;
}

/** What was sent, and where to. */
export interface Sent {
  /** With `mock`, the stand-in's real address. */
  readonly endpoint: Endpoint;
  readonly delivery: Delivery;
}

/** Requests a second that an endpoint is sent unless told: 10 off loopback, as many as it answers on it (undefined). */
export function politeRate({ loopback }: Endpoint): number | undefined {
  return loopback ? undefined : POLITE_RATE;
}

/**
 * Posts sessions in batches, each once, and tells what became of them; network failures are in the result, not thrown. Checks nothing:
 * `prepare` does. Asks nothing either: that something leaves this machine is the caller's decision.
 * @throws UserError of kind `usage` where the endpoint is none; whatever `sessions` throws.
 */
export async function send<S extends WritableSession>(
  sessions: Iterable<S> | AsyncIterable<S>,
  { endpoint: named, timeoutMs = 30_000, ...options }: SendOptions<S>,
): Promise<Sent> {
  const target = typeof named === 'string' ? parseEndpoint(named) : named;
  const mock =
    target.kind === 'mock' ? await (await import('../mock/start.js')).startMockEndpoint({ port: 0 }) : null;
  const endpoint = mock ? mockEndpoint(mock.url) : target;
  const { concurrency = 4, rate = politeRate(endpoint), ...rest } = options;
  const client = openClient({ endpoint, version: VERSION, concurrency, timeoutMs });
  try {
    const planned = batches(sessions, { ...BATCH_DEFAULTS, ...options });
    const delivery = await deliver(planned, { ...rest, concurrency, rate, post: client.post });
    if (delivery.end.kind === 'broken') throw delivery.end.error;
    return { endpoint, delivery };
  } finally {
    await client.close();
    await mock?.close();
  }
}
