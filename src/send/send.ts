import { randomInt } from 'node:crypto';
import type { Session } from '../domain/session.js';
import { VERSION } from '../domain/version.js';
import { DEFAULT_SOURCE } from '../wire/body.js';
import { type Batch, type BatchSettings, batches } from '../write/batches.js';
import { type EncodedSession, SessionEncoder } from '../write/encoded-session.js';
import { cautiousOnAmbiguous, politeRate } from './caution.js';
import { type ClientOptions, openClient } from './client.js';
import { systemClock, unixNow } from './clock.js';
import { type DeliverOptions, deliver } from './deliver.js';
import type { Delivery } from './delivery.js';
import { type Endpoint, mockEndpoint, parseEndpoint } from './endpoint.js';
import { NO_LOG } from './ledger/delivery-log.js';
import { PendingSession } from './selection.js';

/** How sessions are put into requests unless told: what browsers may send as a beacon (OBS-1). */
export const BATCH_DEFAULTS = {
  maxSessions: 50,
  maxBytes: 65_536,
  defaultSource: DEFAULT_SOURCE,
} as const satisfies BatchSettings;

/** How a delivery meets failures unless told. */
export const POLICY_DEFAULTS = { retries: 8, maxRefused: 20 } as const;

export interface DispatchOptions
  extends Partial<Omit<DeliverOptions, 'post'>>,
    Pick<Partial<ClientOptions>, 'proxies' | 'ca'> {
  /** `omny` (the real host), `mock` (a stand-in inside this process) or a URL. */
  readonly endpoint: string | Endpoint;
  /** For one exchange, from connecting to the last byte of the answer; 30,000 unless told. */
  readonly timeoutMs?: number;
}

export interface SendOptions extends Partial<BatchSettings>, Omit<DispatchOptions, 'log' | 'clock'> {}

/** What was sent, and where to. */
export interface Sent {
  /** With `mock`, the stand-in's real address. */
  readonly endpoint: Endpoint;
  readonly delivery: Delivery;
}

/**
 * Posts sessions in batches, and tells what became of them; network failures are in the result, not thrown. What surely was not counted is
 * tried again; what may have been, too, where `onAmbiguous` is `resend`, as it is on loopback. Checks nothing: `prepare` does. Asks nothing
 * either: that something leaves this machine is the caller's decision.
 * @param sessions What `prepare` gives, or sessions that are encoded as they come: each holds until the next is asked for.
 * @throws UserError of kind `usage` where the endpoint is none; whatever `sessions` throws.
 */
export async function send(
  sessions: Iterable<EncodedSession | Session> | AsyncIterable<EncodedSession | Session>,
  options: SendOptions,
): Promise<Sent> {
  const encoder = new SessionEncoder();
  async function* pending(): AsyncGenerator<PendingSession> {
    for await (const session of sessions)
      yield new PendingSession('json' in session ? session : encoder.encode(session));
  }
  return dispatch(batches(pending(), { ...BATCH_DEFAULTS, ...options }), options);
}

/** Posts batches, as `send` does. */
export async function dispatch(
  planned: Iterable<Batch<PendingSession>> | AsyncIterable<Batch<PendingSession>>,
  { endpoint: named, timeoutMs = 30_000, proxies, ca, ...options }: DispatchOptions,
): Promise<Sent> {
  const target = typeof named === 'string' ? parseEndpoint(named) : named;
  const mock =
    target.kind === 'mock' ? await (await import('../mock/in-process.js')).startInProcessMock() : null;
  const endpoint = mock ? mockEndpoint(mock.url) : target;
  const { concurrency = 4, rate = politeRate(endpoint) } = options;
  const client = openClient({ endpoint, version: VERSION, concurrency, timeoutMs, proxies, ca });
  try {
    const delivery = await deliver(planned, {
      ...POLICY_DEFAULTS,
      onAmbiguous: cautiousOnAmbiguous(endpoint),
      clock: systemClock,
      now: unixNow,
      random: () => randomInt(2 ** 32) / 2 ** 32,
      log: NO_LOG,
      deadLetters: async () => {},
      ...options,
      concurrency,
      rate,
      post: client.post,
    });
    if (delivery.end.kind === 'broken') throw delivery.end.error;
    return { endpoint, delivery };
  } finally {
    await client.close();
    await mock?.close();
  }
}
