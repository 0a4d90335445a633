import { escaped } from '../../domain/text.js';
import { systemClock } from '../../send/clock.js';
import type { Delivery } from '../../send/delivery.js';
import { type Journal, NO_LEDGER, openJournal } from '../../send/journal/journal.js';
import type { OnAmbiguous } from '../../send/policy.js';
import type { Proxies } from '../../send/proxies.js';
import { dispatch } from '../../send/send.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { Interrupted } from '../signals.js';
import type { DeadLetters } from './dead-letters.js';
import type { SendFlags } from './flags.js';
import { type Claim, cannotWrite } from './journal-file.js';
import { Progress } from './progress.js';
import { type Input, type Result, resultOf } from './result.js';

export interface PassOptions {
  readonly claim: Claim | null;
  readonly ca: string | undefined;
  readonly rate: number | undefined;
  readonly onAmbiguous: OnAmbiguous;
  readonly deadLetters: DeadLetters;
  readonly signal: AbortSignal;
  readonly flags: SendFlags;
  readonly cli: Cli;
}

/** The second pass: sends what is to be sent. */
export async function secondPass(input: Input, options: PassOptions): Promise<Result> {
  const { claim, ca, rate, onAmbiguous, deadLetters, signal, flags, cli } = options;
  const { load } = input;
  const journal = await begun(input, options);
  const progress = new Progress(load.plan.sessions, flags, cli);
  let shortSessions = 0;
  const over = new AbortController();
  try {
    const { endpoint, delivery } = await dispatch(load.due(AbortSignal.any([signal, over.signal])), {
      proxies: proxiesOf(cli),
      ca,
      endpoint: input.endpoint,
      concurrency: flags.concurrency,
      timeoutMs: flags.timeout * 1000,
      deadlineMs: flags.deadline === undefined ? undefined : flags.deadline * 1000,
      retries: flags.retries,
      maxRefused: flags.maxRefused,
      onAmbiguous,
      rate,
      signal,
      organizations: load.plan.organizations,
      ledger: journal ?? NO_LEDGER,
      deadLetters: (refusals) =>
        deadLetters.append(
          refusals.map(({ session }) => session),
          { maxSessions: 1 },
        ),
      onRequest(settled) {
        progress.request(settled);
        if (settled.verdict.kind !== 'done') return;
        for (const { playedSeconds } of settled.batch.sessions) {
          if ((playedSeconds ?? 0) < flags.minDuration) shortSessions += 1;
        }
      },
      onProgress: (state) => progress.update(state),
    });
    progress.end();
    const stopped =
      delivery.end.kind === 'interrupted' && signal.reason instanceof Interrupted
        ? signal.reason.code
        : EXIT.ok;
    const closed = await ended(journal, delivery, options);
    return resultOf({ ...input, endpoint }, stopped, closed, {
      delivery,
      shortSessions,
      deadLetters: deadLetters.path,
      claim,
    });
  } finally {
    over.abort();
    progress.end();
  }
}

/** The proxies of the environment, as common tools read it: lower case first. */
function proxiesOf({ env }: Cli): Proxies {
  return {
    http: env.http_proxy || env.HTTP_PROXY,
    https: env.https_proxy || env.HTTPS_PROXY,
    except: env.no_proxy || env.NO_PROXY,
  };
}

/** The journal, with this run begun in it. */
async function begun({ load, identity }: Input, { claim, cli }: PassOptions): Promise<Journal | null> {
  // Where nothing is to be sent, there is nothing to write down.
  if (claim === null || load.plan.sessions === 0) return null;
  const { counts } = load;
  const total = counts.chosen + counts.alreadyDelivered + counts.refused + counts.held + counts.beyondLimit;
  try {
    const journal = await openJournal(claim.path, claim.content, {
      clock: systemClock,
      now: () => cli.now(),
    });
    await journal.begin(claim.content.header === null ? identity : null, total);
    return journal;
  } catch (error) {
    throw cannotWrite(claim.path, error);
  }
}

/** Ends the journal's run. A journal that cannot be written then holds less than was delivered. */
async function ended(
  journal: Journal | null,
  { end }: Delivery,
  { claim, cli }: PassOptions,
): Promise<ExitCode> {
  if (journal === null) return EXIT.ok;
  try {
    await journal.end(end.kind === 'stopped' ? end.why : end.kind);
    return EXIT.ok;
  } catch (error) {
    if (end.kind !== 'unwritable') {
      cli.stderr.write(
        `error: ${escaped(`${claim?.path}: the end of the journal cannot be written: ${(error as Error).message}`)}\n`,
      );
    }
    return EXIT.usage;
  }
}
