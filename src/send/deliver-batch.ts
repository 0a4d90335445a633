import { pause } from '../domain/clock.js';
import { type Batch, halves } from '../write/batches.js';
import { type Attempt, retryAfterMs } from './answer.js';
import { classify, type Outcome } from './outcome.js';
import { decide, type Verdict } from './policy.js';
import type { Run } from './run.js';
import type { PendingSession } from './selection.js';

const SWITCHED_OFF = 'their organization was answered "Enabled": false before their turn';
const FAILED = 'this program failed while it sent them';

/**
 * Sends a batch, and retries it, until each of its sessions is delivered, refused, left or ambiguous. Records each request in
 * the ledger before it is sent, and its result afterwards.
 */
export async function deliverBatch(batch: Batch<PendingSession>, run: Run): Promise<void> {
  let last: Outcome | undefined;
  for (let attempt = 1; ; attempt += 1) {
    if (!maySend(batch, run, last)) return;
    const passing = run.gate.pass(run.halted);
    if (passing) {
      await passing;
      if (!maySend(batch, run, last)) return;
    }
    const starting = begin(batch, run);
    const request = starting instanceof Promise ? await starting : starting;
    if (request === null) return run.leave(batch, last?.sentence);
    if (run.halted.aborted || run.tally.isDisabled(batch.organizationId)) {
      await write(run, () => settleUnsent(request, run));
      maySend(batch, run, last);
      return;
    }
    const sent = await send(batch, { attempt, request }, run);
    const { outcome, written } = sent;
    last = outcome;
    const ends = written ? await follow(batch, sent, run) : unwritten(batch, outcome, run);
    if (ends) return;
  }
}

/** Whether a batch may be sent now; if not, counts its sessions as left. */
function maySend(batch: Batch<PendingSession>, run: Run, last?: Outcome): boolean {
  if (run.tally.isDisabled(batch.organizationId)) run.leave(batch, SWITCHED_OFF);
  else if (run.halted.aborted) run.leave(batch, last?.sentence, last?.excerpt);
  else return true;
  return false;
}

/** Records in the ledger that a request is about to be sent, and returns its number; null if the ledger cannot be written. */
function begin(
  { organizationId: organization, sessions }: Batch<PendingSession>,
  run: Run,
): number | null | Promise<number | null> {
  const unwritable = (error: unknown): null => {
    stopUnwritable(run, error);
    return null;
  };
  try {
    const request = run.options.log.sending({ organization, sessions });
    return request instanceof Promise ? request.catch(unwritable) : request;
  } catch (error) {
    return unwritable(error);
  }
}

function settleUnsent(request: number, run: Run): void | Promise<void> {
  const settled = {
    outcome: 'stopped',
    status: null,
    saw: 'the run was stopped before this request was sent',
    answer: '',
  } as const;
  return run.options.log.settled(request, settled);
}

interface Sent {
  readonly outcome: Outcome;
  readonly verdict: Verdict;
  /** The response's status; null without a response. */
  readonly status: number | null;
  /** Whether the result was written to the ledger. */
  readonly written: boolean;
}

async function send(
  batch: Batch<PendingSession>,
  { attempt, request }: { readonly attempt: number; readonly request: number },
  run: Run,
): Promise<Sent> {
  const { post, clock, now, random, log } = run.options;
  const started = clock.nowMs();
  let result: Attempt;
  try {
    result = await post(batch);
  } catch (error) {
    for (const session of batch.sessions) session.doubtful = true;
    run.leave(batch, FAILED);
    throw error;
  }
  const outcome = classify(result);
  const elapsedMs = clock.nowMs() - started;
  run.tally.request(batch, result, outcome, attempt > 1);
  if (outcome.kind === 'ambiguous') {
    run.ambiguousInRow += 1;
    for (const session of batch.sessions) session.doubtful = true;
  } else if (outcome.kind === 'delivered') run.ambiguousInRow = 0;
  const verdict = decide(
    {
      outcome: outcome.kind,
      retryAfterMs:
        result.kind === 'answered' && result.retryAfter !== null
          ? retryAfterMs(result.retryAfter, now())
          : null,
      sessions: batch.sessions.length,
      attempt,
      ambiguousInRow: run.ambiguousInRow,
      refusedInRow: run.refusals.inRow + 1,
      budget: run.budget.left,
      leftMs: run.leftMs,
      random: outcome.kind === 'delivered' ? 0 : random(),
    },
    run.options,
  );
  if ('holdMs' in verdict) run.gate.hold(verdict.holdMs);
  const status = 'status' in result ? result.status : null;
  const written = await write(run, () =>
    log.settled(request, {
      outcome: verdict.kind === 'halve' ? 'halved' : outcome.kind,
      status,
      saw: outcome.sentence,
      answer: outcome.excerpt,
    }),
  );
  run.requestSettled({ batch, attempt, result, outcome, verdict, elapsedMs });
  return { outcome, verdict, status, written };
}

/** Does what the policy decided. Returns whether the batch needs no further request. */
async function follow(
  batch: Batch<PendingSession>,
  { outcome, verdict, status }: Sent,
  run: Run,
): Promise<boolean> {
  switch (verdict.kind) {
    case 'done':
      run.budget.delivered();
      run.tally.deliver(batch);
      if (run.refusals.inRow > 0) await settleRefusals(run);
      return true;
    case 'wait':
      run.budget.retried();
      await pause(run.options.clock, verdict.ms, run.halted);
      return false;
    case 'halve':
      for (const half of halves(batch)) await deliverBatch(half, run);
      return true;
    case 'refuse':
      // The run stopped because of refusals while this request was in flight, so this refusal is not final either.
      if (run.refusesAll) run.leave(batch, outcome.sentence, outcome.excerpt);
      else run.refusals.add({ session: batch.sessions[0]!, source: batch.source, outcome, status });
      return true;
    case 'set-aside':
      run.leave(batch, outcome.sentence, outcome.excerpt);
      return true;
    case 'disable':
      run.leave(batch, outcome.sentence, outcome.excerpt);
      if (run.tally.disabled.length >= (run.options.organizations ?? Number.POSITIVE_INFINITY))
        run.stop({ kind: 'disabled' });
      return true;
    case 'stop':
      if (verdict.why === 'refused') {
        for (const { session, outcome: its } of run.refusals.takeBack())
          run.leave({ sessions: [session] }, its.sentence, its.excerpt);
      }
      run.leave(batch, outcome.sentence, outcome.excerpt);
      run.stop({ kind: 'stopped', why: verdict.why, outcome, waitMs: verdict.waitMs });
      return true;
  }
}

/** Makes the current row of refusals final: call it after a delivery, and at the end of the run. */
export async function settleRefusals(run: Run): Promise<void> {
  await write(run, () =>
    run.refusals.settle(
      ({ outcome }) => run.tally.refuse(outcome.sentence, outcome.excerpt),
      ({ session, outcome }) => run.leave({ sessions: [session] }, outcome.sentence, outcome.excerpt),
    ),
  );
}

/** The answer could not be recorded: in the ledger, the sessions are still in flight, so they may have been counted. */
function unwritten(batch: Batch<PendingSession>, outcome: Outcome, run: Run): true {
  if (['delivered', 'ambiguous'].includes(outcome.kind)) {
    for (const session of batch.sessions) session.doubtful = true;
  }
  run.leave(
    batch,
    `${outcome.sentence}, but this result could not be written to the ledger`,
    outcome.excerpt,
  );
  return true;
}

/** Runs a write to the ledger or the dead letters. Returns whether it succeeded; if not, stops the run. */
async function write(run: Run, what: () => void | Promise<void>): Promise<boolean> {
  try {
    await what();
    return true;
  } catch (error) {
    stopUnwritable(run, error);
    return false;
  }
}

function stopUnwritable(run: Run, error: unknown): void {
  run.stop({ kind: 'unwritable', error: error instanceof Error ? error : new Error(String(error)) });
}
