import type { Batch } from '../write/batches.js';
import { carry, settleRefusals } from './carry.js';
import type { Delivery } from './delivery.js';
import { Intake } from './intake.js';
import { Run, type RunOptions } from './run.js';
import type { PendingSession } from './selection.js';
import { Slots } from './slots.js';

export interface DeliverOptions extends RunOptions {
  /** Requests that may be on their way at once. */
  readonly concurrency: number;
  /** Takes no new work once aborted; what is in flight is settled. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Posts batches, at most `concurrency` at once, and takes the next from the input only when it can soon be sent. What fails is tried again,
 * halved, given up or the end of the run, as the policy says. An organization that is answered `Enabled: false` gets nothing more (API-6),
 * the others go on.
 *
 * Never throws: an error of the input is in `end`.
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
      void carry(batch, run)
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
