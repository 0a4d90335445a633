import { hostname } from 'node:os';
import { systemClock } from '../../domain/clock.js';
import { UserError } from '../../domain/errors.js';
import { escaped, safeCommand } from '../../domain/text.js';
import type { Proxies } from '../../send/connections.js';
import { dispatch } from '../../send/deliver.js';
import { LedgerFailure, LedgerLost } from '../../send/ledger/failures.js';
import type { Ledger } from '../../send/ledger/ledger.js';
import { NO_LOG } from '../../send/outcome.js';
import type { OnAmbiguous } from '../../send/policy.js';
import { newlyChanged, type PendingSession, type SelectionSettings } from '../../send/selection.js';
import { type Cli, EXIT, type ExitCode, Interrupted, worstExitCode } from '../cli.js';
import type { DeadLetters } from './dead-letters.js';
import type { SendFlags } from './flags.js';
import { Progress, StatusFile } from './progress.js';
import { type Input, type Result, resultOf } from './result.js';

export interface PassOptions {
  readonly proxies: Proxies;
  readonly ca: string | undefined;
  readonly rate: number | undefined;
  readonly onAmbiguous: OnAmbiguous;
  readonly deadLetters: DeadLetters;
  readonly selection: SelectionSettings;
  /** The time that `--deadline` counts from, in milliseconds of the system's clock. */
  readonly lockedAt: number;
  readonly signal: AbortSignal;
  readonly flags: SendFlags;
  readonly cli: Cli;
}

/** The second pass: sends the planned sessions. */
export async function deliverPass(input: Input, options: PassOptions): Promise<Result> {
  const { load } = input;
  const { proxies, ca, rate, onAmbiguous, deadLetters, lockedAt, signal, flags, cli } = options;
  const ledger = input.claim?.ledger ?? null;
  const status = statusFile(input, options);
  const progress = new Progress(load.plan.sessions, input.endpoint.host, flags, cli);
  const over = new AbortController();
  let result: Result | null = null;
  let shortSessions = 0;
  try {
    await begin(ledger, input, options);
    if (load.counts.newlyChanged > 0) await keepChanged(ledger, input, options);
    const { endpoint, delivery } = await dispatch(load.due(AbortSignal.any([signal, over.signal])), {
      proxies,
      ca,
      endpoint: input.endpoint,
      concurrency: flags.concurrency,
      timeoutMs: flags.timeout * 1000,
      deadlineMs:
        flags.deadline === undefined ? undefined : flags.deadline * 1000 - (systemClock.nowMs() - lockedAt),
      retries: flags.retries,
      maxRefused: flags.maxRefused,
      onAmbiguous,
      rate,
      signal,
      organizations: load.plan.organizations,
      log: ledger ?? NO_LOG,
      deadLetters: (refusals) =>
        deadLetters.append(
          refusals.map(({ session }) => session),
          { maxSessions: 1 },
        ),
      onRequest(settled) {
        progress.request(settled);
        status?.request(settled);
        if (settled.verdict.kind !== 'done') return;
        for (const { playedSeconds } of settled.batch.sessions) {
          if ((playedSeconds ?? 0) < flags.minDuration) shortSessions += 1;
        }
      },
      onProgress(state) {
        progress.update(state);
        status?.update(state);
      },
    });
    progress.end();
    const stopped =
      delivery.end.kind === 'interrupted' && signal.reason instanceof Interrupted
        ? signal.reason.code
        : EXIT.ok;
    const lost = delivery.end.kind === 'unwritable' ? EXIT.incomplete : EXIT.ok;
    const pass = { delivery, shortSessions, deadLetters: deadLetters.path };
    result = resultOf({ ...input, endpoint }, worstExitCode(stopped, lost), pass);
    const exitCode = worstExitCode(result.exitCode, await end(ledger, result, options));
    result = { ...result, exitCode };
    return result;
  } finally {
    over.abort();
    progress.end();
    status?.end(result);
  }
}

function statusFile({ endpoint, claim, load }: Input, { flags, cli }: PassOptions): StatusFile | null {
  if (flags.status === undefined) return null;
  return new StatusFile({
    path: flags.status,
    endpoint: endpoint.url,
    ledger: claim?.path ?? null,
    planned: load.plan.sessions,
    now: () => cli.now(),
  });
}

/** Starts a run in the ledger. @throws UserError of kind `output` when the ledger cannot be written */
async function begin(ledger: Ledger | null, { checked }: Input, { cli }: PassOptions): Promise<void> {
  const { by, kept } = checked.moved;
  try {
    await ledger?.begin({
      command: safeCommand(cli.args),
      host: hostname(),
      pid: process.pid,
      shift: kept ? by : null,
    });
  } catch (error) {
    throw beforeSending(error);
  }
}

/** How many sessions are written at once. */
const SESSIONS_PER_WRITE = 500;

/**
 * Writes delivered sessions that changed since to the dead letters, once each: the ledger records that they were
 * written.
 */
async function keepChanged(
  ledger: Ledger | null,
  { checked }: Input,
  { deadLetters, selection }: PassOptions,
): Promise<void> {
  let some: PendingSession[] = [];
  const write = async () => {
    if (some.length === 0) return;
    await deadLetters.append(some, { maxSessions: 1 });
    await ledger?.changed(some).catch((error: unknown) => {
      throw beforeSending(error);
    });
    some = [];
  };
  for (const session of newlyChanged(checked.sessions, selection)) {
    some.push(session);
    if (some.length >= SESSIONS_PER_WRITE) await write();
  }
  await write();
}

/** The error for a ledger that cannot be written before anything was sent. */
function beforeSending(error: unknown): unknown {
  if (!(error instanceof LedgerFailure)) return error;
  return new UserError(
    error instanceof LedgerLost ? 'incomplete' : 'output',
    `${error.message}: nothing was sent`,
  );
}

/**
 * Records the end of the run in the ledger. Returns the exit code to use when the ledger cannot be written: it then
 * holds fewer sessions than were delivered.
 */
async function end(
  ledger: Ledger | null,
  { exitCode, pass }: Result,
  { cli }: PassOptions,
): Promise<ExitCode> {
  if (ledger === null) return EXIT.ok;
  const ended = pass?.delivery.end;
  try {
    await ledger.end({ exitCode, why: ended?.kind === 'stopped' ? ended.why : (ended?.kind ?? '') });
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof LedgerFailure)) throw error;
    if (ended?.kind !== 'unwritable') cli.stderr.write(`error: ${escaped(error.message)}\n`);
    return error instanceof LedgerLost ? EXIT.incomplete : EXIT.usage;
  }
}
