import type { Batch } from '../write/batches.js';
import type { WritableSession } from '../write/writable.js';
import type { Attempt } from './attempt.js';
import type { Post } from './client.js';
import { type Clock, systemClock } from './clock.js';
import type { Delivery, DeliveryEnd, SettledRequest } from './delivery.js';
import { Intake } from './intake.js';
import { classify, type Outcome } from './outcome.js';
import { pacer } from './pace.js';
import { Slots } from './slots.js';
import { type Progress, Tally } from './tally.js';

export interface DeliverOptions<S extends WritableSession = WritableSession> {
  readonly post: Post;
  /** Requests that may be on their way at once. */
  readonly concurrency: number;
  /** Starts a second; absent: as fast as the endpoint answers. */
  readonly rate?: number | undefined;
  /** How many organizations the input has, where known: once all are disabled, no more is read. */
  readonly organizations?: number | undefined;
  /** Takes no new work once aborted; what is in flight is settled. */
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  readonly onRequest?: ((request: SettledRequest<S>) => void) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

const FAILURES_IN_A_ROW = 3;
const INTERRUPTED = 'the run ended before their turn';
const SWITCHED_OFF = 'their organization was answered "Enabled": false before their turn';
const FAILED = 'this program failed while it sent them';

/**
 * Posts batches, at most `concurrency` at once, and takes the next from the input only when it can soon be sent. Each is tried once. An
 * organization that is answered `Enabled: false` gets nothing more (API-6), the others go on.
 *
 * Never throws: an error of the input is in `end`.
 */
export async function deliver<S extends WritableSession>(
  batches: Iterable<Batch<S>> | AsyncIterable<Batch<S>>,
  options: DeliverOptions<S>,
): Promise<Delivery> {
  const { post, concurrency, organizations = Number.POSITIVE_INFINITY, clock = systemClock } = options;
  const began = clock.now();
  const tally = new Tally();
  const slots = new Slots(concurrency);
  const turn = pacer(options.rate, clock);
  const intake = new Intake(batches);
  const halt = new AbortController();
  let end = { kind: 'finished' } as DeliveryEnd;
  let failures = 0;

  const stop = (why: DeliveryEnd) => {
    if (end.kind === 'finished' || why.kind === 'broken') end = why;
    halt.abort();
  };
  const interrupt = () => stop({ kind: 'interrupted' });

  const judge = (outcome: Outcome) => {
    if (outcome.kind === 'delivered') failures = 0;
    else if (outcome.kind === 'stop') stop({ kind: 'stopped', outcome });
    else if (outcome.kind === 'disabled') {
      if (tally.disabled.length >= organizations) stop({ kind: 'disabled' });
    } else {
      failures += 1;
      if (failures >= FAILURES_IN_A_ROW) stop({ kind: 'failing', outcome });
    }
  };

  const send = async (batch: Batch<S>) => {
    const started = clock.now();
    let attempt: Attempt;
    try {
      attempt = await post(batch);
    } catch (error) {
      tally.leave(batch, 'ambiguous', FAILED);
      throw error;
    }
    const outcome = classify(attempt);
    tally.settle(batch, attempt, outcome);
    judge(outcome);
    options.onRequest?.({ batch, attempt, outcome, elapsedMs: clock.now() - started });
    options.onProgress?.(tally.progress);
  };

  const takeOne = async (batch: Batch<S>) => {
    tally.take(batch);
    await slots.take();
    if (!tally.isDisabled(batch.organizationId)) await turn(halt.signal);
    if (tally.isDisabled(batch.organizationId)) tally.leave(batch, 'disabled', SWITCHED_OFF);
    else if (halt.signal.aborted) tally.leave(batch, 'untried', INTERRUPTED);
    else {
      void send(batch)
        .catch((error: unknown) => stop({ kind: 'broken', error }))
        .finally(() => slots.give());
      return;
    }
    slots.give();
    options.onProgress?.(tally.progress);
  };

  if (options.signal?.aborted) interrupt();
  options.signal?.addEventListener('abort', interrupt);
  try {
    for (let batch = await intake.next(halt.signal); batch; batch = await intake.next(halt.signal)) {
      await takeOne(batch);
    }
    await intake.close();
  } catch (error) {
    stop({ kind: 'broken', error });
  }
  await slots.idle();
  options.signal?.removeEventListener('abort', interrupt);

  const { progress, reasons } = tally;
  const cutShort = !intake.exhausted || reasons.some(({ reason }) => reason === 'untried');
  return {
    ...progress,
    enabled: tally.enabled,
    disabled: tally.disabled,
    left: reasons,
    end: end.kind === 'interrupted' && !cutShort ? { kind: 'finished' } : end,
    seconds: (clock.now() - began) / 1000,
  };
}
