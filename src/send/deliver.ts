import { randomInt } from 'node:crypto';
import { type Clock, systemClock } from '../domain/clock.js';
import { VERSION } from '../domain/errors.js';
import type { Session } from '../domain/session.js';
import { DEFAULT_SOURCE } from '../wire/body.js';
import { type Batch, type BatchSettings, batches } from '../write/batches.js';
import { type EncodedSession, SessionEncoder } from '../write/encoded-session.js';
import { type ClientOptions, openClient } from './client.js';
import { deliverBatch, settleRefusals } from './deliver-batch.js';
import type { Delivery } from './delivery.js';
import { type Endpoint, mockEndpoint, parseEndpoint } from './endpoint.js';
import { NO_LOG } from './outcome.js';
import { defaultOnAmbiguous, defaultRate } from './policy.js';
import { Run, type RunOptions, Slots } from './run.js';
import { PendingSession } from './selection.js';

/** The default limits of a request: what browsers can send as a beacon (OBS-1). */
const BATCH_DEFAULTS = {
  maxSessions: 50,
  maxBytes: 65_536,
  defaultSource: DEFAULT_SOURCE,
} as const satisfies BatchSettings;

/** The default limits of retries and refusals. */
const POLICY_DEFAULTS = { retries: 8, maxRefused: 20 } as const;

export interface DispatchOptions
  extends Partial<Omit<DeliverOptions, 'post'>>,
    Pick<Partial<ClientOptions>, 'proxies' | 'ca'> {
  /** `omny` (the real host), `mock` (a stand-in inside this process) or a URL. */
  readonly endpoint: string | Endpoint;
  /** The time limit of one exchange, from connecting to the last byte of the response; default 30,000. */
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
 * Posts sessions in batches and returns the results; network errors are in the result, not thrown. Retries requests that were
 * certainly not counted; with `onAmbiguous: 'resend'`, the default on this machine, also requests that could have been counted.
 * Does not validate the sessions: `prepare` does. Asks for no confirmation: the caller decides whether to send to another host.
 * @param sessions The result of `prepare`, or encoded sessions from an iterator: each one is valid until the next is read.
 * @throws UserError of kind `usage` if the endpoint is not valid; whatever `sessions` throws
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
  const mock = target.kind === 'mock' ? await (await import('../mock/start.js')).startInProcessMock() : null;
  const endpoint = mock ? mockEndpoint(mock.url) : target;
  const { concurrency = 4, rate = defaultRate(endpoint) } = options;
  const client = openClient({ endpoint, version: VERSION, concurrency, timeoutMs, proxies, ca });
  try {
    const delivery = await deliver(planned, {
      ...POLICY_DEFAULTS,
      onAmbiguous: defaultOnAmbiguous(endpoint),
      clock: systemClock,
      now: steadySeconds(systemClock),
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

/**
 * A clock of unix seconds with fractions. It starts at the current time of day and then counts steadily, even if the machine's
 * clock is changed.
 */
function steadySeconds(clock: Clock): () => number {
  const began = clock.unixSeconds() - clock.nowMs() / 1000;
  return () => began + clock.nowMs() / 1000;
}

export interface DeliverOptions extends RunOptions {
  /** The number of requests at the same time. */
  readonly concurrency: number;
  /** When aborted, no new request starts; those in flight are finished. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Posts batches, at most `concurrency` at once, and takes the next from the input only when it can soon be sent. By
 * the policy, a failed batch is retried, halved, given up, or ends the run. An organization that is answered
 * `Enabled: false` gets no more requests (API-6); others continue. Never throws: an error of the input is in `end`.
 */
export async function deliver(
  batches: Iterable<Batch<PendingSession>> | AsyncIterable<Batch<PendingSession>>,
  options: DeliverOptions,
): Promise<Delivery> {
  const { signal, clock, deadlineMs } = options;
  const run = new Run(options);
  const slots = new Slots(options.concurrency);
  const intake = new Intake(batches);
  const interrupt = () => run.stop({ kind: 'interrupted' });
  const callOff =
    deadlineMs === undefined ? () => {} : clock.after(deadlineMs, () => run.stop({ kind: 'deadline' }));

  if (signal?.aborted) interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    for (;;) {
      const next = intake.next(run.halted);
      const batch = next instanceof Promise ? await next : next;
      if (!batch) break;
      run.tally.take(batch);
      const taken = slots.take();
      if (taken) await taken;
      void deliverBatch(batch, run)
        .catch((error: unknown) => run.stop({ kind: 'broken', error }))
        .finally(() => slots.give());
    }
    await intake.close();
  } catch (error) {
    run.stop({ kind: 'broken', error });
  }
  await slots.idle();
  await settleRefusals(run);
  for (const { session } of run.refusals.takeBack()) run.leave({ sessions: [session] });
  callOff();
  signal?.removeEventListener('abort', interrupt);
  run.progressed();
  return summary(run, intake.exhausted);
}

function summary({ tally, end, elapsedMs }: Run, exhausted: boolean): Delivery {
  const { progress, undelivered, enabled, disabled, takenInDoubt } = tally;
  const { taken, delivered, refused } = progress.sessions;
  const nothingOpen = exhausted && delivered + refused === taken;
  const late = end.kind === 'interrupted' || end.kind === 'deadline';
  return {
    ...progress,
    enabled,
    disabled,
    takenInDoubt,
    undelivered,
    end: late && nothingOpen ? { kind: 'finished' } : end,
    seconds: elapsedMs / 1000,
  };
}

/** Takes items one at a time from an iterable that may stall: a signal ends the wait. */
class Intake<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>;
  /** The iterator of a synchronous iterable; null for an asynchronous one. */
  readonly #synchronous: Iterator<T> | null;
  #pending = false;
  #exhausted = false;

  constructor(things: Iterable<T> | AsyncIterable<T>) {
    this.#synchronous = Symbol.asyncIterator in things ? null : things[Symbol.iterator]();
    this.#iterator = Symbol.asyncIterator in things ? things[Symbol.asyncIterator]() : this.#synchronous!;
  }

  /** Whether the iterable has ended. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /**
   * The next item, without a promise if the iterable is synchronous; undefined at the end, and once the signal is aborted.
   * Throws what the iterable throws.
   */
  next(signal: AbortSignal): T | undefined | Promise<T | undefined> {
    if (signal.aborted || this.#exhausted) return undefined;
    return this.#synchronous ? this.#take(this.#synchronous) : this.#await(signal);
  }

  /** Releases the input. Does not wait for a read that stalls. */
  async close(): Promise<void> {
    if (this.#exhausted) return;
    const closed = Promise.resolve(this.#iterator.return?.());
    if (this.#pending) closed.catch(() => {});
    else await closed;
  }

  #take(things: Iterator<T>): T | undefined {
    try {
      const { done, value } = things.next();
      this.#exhausted = done === true;
      return done === true ? undefined : value;
    } catch (error) {
      this.#exhausted = true;
      throw error;
    }
  }

  async #await(signal: AbortSignal): Promise<T | undefined> {
    let stop = () => {};
    const stopped = new Promise<undefined>((resolve) => {
      stop = () => resolve(undefined);
      signal.addEventListener('abort', stop);
    });
    try {
      return await Promise.race([this.#pull(), stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async #pull(): Promise<T | undefined> {
    this.#pending = true;
    try {
      const { done, value } = await this.#iterator.next();
      this.#exhausted = done === true;
      return done === true ? undefined : value;
    } catch (error) {
      this.#exhausted = true;
      throw error;
    } finally {
      this.#pending = false;
    }
  }
}
