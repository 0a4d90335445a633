import { systemClock } from '../../domain/clock.js';
import { UserError } from '../../domain/errors.js';
import { escaped, pluralize, safeCommand } from '../../domain/text.js';
import { type InputSource, nameOf } from '../../read/source.js';
import type { Proxies } from '../../send/connections.js';
import { curlCommand, type Endpoint, parseEndpoint } from '../../send/endpoint.js';
import { LedgerHeld } from '../../send/ledger/ledger-file.js';
import { isFinished } from '../../send/ledger/survey.js';
import type { Pace } from '../../send/plan.js';
import { defaultOnAmbiguous, defaultRate } from '../../send/policy.js';
import { firstLookAt, type SelectionSettings } from '../../send/selection.js';
import { ofShard, type Shard } from '../../send/shard.js';
import { type MemoryBudget, memoryBudget, shareOf } from '../../sessions/memory.js';
import { DEFAULT_SOURCE } from '../../wire/body.js';
import type { Batch, BatchSettings } from '../../write/batches.js';
import {
  type Cli,
  EXIT,
  type ExitCode,
  Interrupted,
  signalCheck,
  stopSignal,
  worstExitCode,
} from '../cli.js';
import { isFileName, readingWords, readsStdin, sourcesOf } from '../options/input.js';
import { reportKeptOut } from '../options/option.js';
import { reportUnusedOverrides } from '../options/rules.js';
import { type Output, openOutput, writeAll } from '../output.js';
import { forPeople } from '../terminal.js';
import { type LinesLeftOut, requireDistinctFiles } from '../written-files.js';
import { DeadLetters, deadLetterPath } from './dead-letters.js';
import { certificates, environmentProxies, paceOf, rewritingOf, type SendFlags, shardOf } from './flags.js';
import { confirm, refuseLong, refuseSimulated, refusesAll, reportInvalid, withoutIdsText } from './guards.js';
import { type Checked, firstPass } from './input-pass.js';
import { type Claim, claimLedger, ledgerBase } from './ledger-files.js';
import { type Load, loadOf } from './load.js';
import { planText, type Result, resultJson, resultOf } from './result.js';
import { nextCommands, resultText } from './result-text.js';

/** The share of the memory budget for the digests of dead letters. */
const DIGESTS_SHARE = 1 / 16;

/** What a run of `send` works with. */
interface Order {
  readonly endpoint: Endpoint;
  readonly proxies: Proxies;
  readonly sources: readonly InputSource[];
  readonly shard: Shard;
  readonly claim: Claim | null;
  /** The path of the dead-letter file. */
  readonly deadLetters: string;
  /** When this run got the ledger, in milliseconds of the system's clock. `--deadline` counts from here. */
  readonly lockedAt: number;
  readonly memory: MemoryBudget;
  readonly signal: AbortSignal;
  readonly flags: SendFlags;
  readonly cli: Cli;
}

/** How sessions are sent. */
interface SendMode {
  readonly pace: Pace | null;
  readonly ca: Awaited<ReturnType<typeof certificates>>;
}

/** Two passes: the first reads and checks everything, the second sends. */
export async function runSend(files: readonly string[], flags: SendFlags, cli: Cli): Promise<ExitCode> {
  const endpoint = endpointOf(flags);
  const sources = sourcesOf(files, flags, cli);
  const names = sources.map(nameOf);
  reportUnusedOverrides(flags, sources, cli);
  const shard = shardOf(flags, cli);
  const base = ledgerBase(flags, endpoint, names);
  const deadLetters = ofShard(deadLetterPath(flags.deadLetter, names), shard);
  const ledger = base === null ? null : ofShard(base, shard);
  const written = {
    'the ledger': ledger,
    'the dead letters': deadLetters,
    'the result': flags.output,
    'the status': flags.status,
  };
  requireDistinctFiles(written, [...names, flags.clips, flags.clipMap]);
  const sends = !flags.dryRun && !flags.printCurl;
  // Requests to this machine use no proxy, so the proxies of the environment need not be valid.
  const proxies = endpoint.loopback ? {} : environmentProxies(cli);
  const signal = stopSignal();
  const memory = memoryBudget(flags.memory);
  let claim: Claim | null = null;
  try {
    if (base !== null) {
      const inputs = names;
      claim = await claimLedger(base, { endpoint, shard, inputs, sends, signal, flags, cli });
    }
    const lockedAt = systemClock.nowMs();
    return await carryOut({
      endpoint,
      proxies,
      sources,
      shard,
      claim,
      deadLetters,
      lockedAt,
      memory,
      signal,
      flags,
      cli,
    });
  } catch (error) {
    if (error instanceof Interrupted && !flags.quiet)
      cli.stderr.write(
        `Stopped by a signal: nothing was sent. To send it, run the same command again: ${escaped(safeCommand(cli.args))}\n`,
      );
    if (error instanceof LedgerHeld)
      throw new UserError(
        error.kind,
        error.message,
        `${error.advice}, or wait for it with: ${safeCommand(cli.args, '--wait')}`,
      );
    throw error;
  } finally {
    claim?.close();
  }
}

async function carryOut(order: Order): Promise<ExitCode> {
  const { endpoint, sources, shard, claim, memory, signal, flags, cli } = order;
  const pace = paceOf(flags);
  const ca = await certificates(flags.ca);
  const shiftedBefore = resumedShift(claim);
  const firstLook = claim ? firstLookAt(claim.known, rewritingOf(flags)) : undefined;
  const pass = { sources, endpoint, shard, shiftedBefore, firstLook, memory, signal, flags, cli };
  const checked = await firstPass(pass);
  try {
    return await carryOutChecked(checked, order, { pace, ca });
  } finally {
    checked.close();
  }
}

async function carryOutChecked(checked: Checked, order: Order, { pace, ca }: SendMode): Promise<ExitCode> {
  const { endpoint, sources, claim, signal, flags, cli } = order;
  const rate = flags.rate ?? defaultRate(endpoint);
  const onAmbiguous = flags.onAmbiguous ?? defaultOnAmbiguous(endpoint);
  const settings = batchSettings(flags);
  const selection: SelectionSettings = {
    rewriting: rewritingOf(flags),
    moved: checked.moved,
    known: claim?.known ?? null,
    onAmbiguous,
    retryRefused: flags.retryRefused === true,
    limit: flags.limit ?? Number.POSITIVE_INFINITY,
  };
  const load = await loadOf(checked.sessions, {
    selection,
    alreadyDelivered: checked.alreadyDelivered,
    batches: settings,
    rate,
    pace,
    between: signalCheck(signal),
  });
  const input = { checked, load, endpoint, claim };
  if (refusesAll(checked) || (checked.errors.length > 0 && flags.skipInvalid !== true)) {
    await reportInvalid(checked, flags, cli);
    if (flags.format === 'json')
      await writeResult(resultOf(input, EXIT.invalid), await openOutput(flags.output, cli.stdout), order);
    return EXIT.invalid;
  }
  if (flags.printCurl) {
    await writeAll(await openOutput(flags.output, cli.stdout), curls(load.all(), endpoint));
    return EXIT.ok;
  }
  if (flags.dryRun) {
    const result = resultOf(input, EXIT.ok);
    const text =
      flags.format === 'json'
        ? [resultJson(result, load.plan)]
        : forPeople([planText(input, claim, flags)], flags.output, cli);
    await writeAll(await openOutput(flags.output, cli.stdout), text);
    return result.exitCode;
  }
  if (!endpoint.loopback && load.plan.sessions > 0) {
    refuseSimulated(checked, endpoint, flags, cli);
    refuseLong(load.plan, endpoint, flags, cli);
    if (checked.rowsWithoutId > 0 && !flags.quiet)
      cli.stderr.write(`${withoutIdsText(checked.rowsWithoutId)}\n`);
    const interactive = !readsStdin(sources);
    await confirm(
      load.plan,
      endpoint,
      { yes: flags.yes === true, interactive, signal, ledger: claim?.path ?? null },
      cli,
    );
  }
  if (checked.transportErrors > 0 && !flags.quiet) {
    cli.stderr.write(
      `Ignored ${pluralize(checked.transportErrors, 'error')} in how the player sent its requests. See them with: ${safeCommand(['validate', ...readingWords(cli.args), ...sources.map(nameOf).filter(isFileName)])}\n`,
    );
  }
  if (load.plan.oversize > 0 && !flags.quiet) {
    cli.stderr.write(
      `${pluralize(load.plan.oversize, 'session')} larger than --batch-bytes: each is sent in a request of its own\n`,
    );
  }
  reportNotCounted(checked, load, order);
  const deadLetters = new DeadLetters(order.deadLetters, settings, shareOf(order.memory, DIGESTS_SHARE));
  if (checked.invalidSessions > 0) await deadLetters.append(checked.invalid);
  await reportLeftOut(checked, order);
  const output = await openOutput(flags.output, cli.stdout);
  try {
    // Load the network code only when there is something to send.
    const { deliverPass } = await import('./second-pass.js');
    const { lockedAt, proxies } = order;
    const pass = { proxies, ca, rate, onAmbiguous, deadLetters, selection, lockedAt, signal, flags, cli };
    return await writeResult(await deliverPass(input, pass), output, order);
  } catch (error) {
    await output.abandon();
    throw error;
  } finally {
    deadLetters.close();
  }
}

/** By how many milliseconds the earlier run that this run resumes moved the times; null without such a run. */
function resumedShift(claim: Claim | null): number | null {
  const last = claim?.ledger?.lastRun;
  return last && !isFinished(last) ? last.shift : null;
}

/** Writes the lines that could not be read, or whose clips are not in the clip map, unchanged, next to each input. */
async function reportLeftOut(checked: Checked, order: Order): Promise<void> {
  const { summary, unmappedSessions } = checked;
  const unreadable = pluralize(summary.unreadable, 'row or line', 'rows or lines');
  if (summary.unreadable > 0)
    await writeLeftOut(checked.unreadable, `${unreadable} could not be read: left out`, order);
  const unmapped = pluralize(unmappedSessions, 'session');
  await writeLeftOut(checked.unmapped, `${unmapped} left out: their clips are not in the clip map`, order);
}

/** Writes lines that were left out next to their inputs. Replaces what an earlier run wrote there. */
async function writeLeftOut(leftOut: LinesLeftOut, message: string, order: Order): Promise<void> {
  const { sources, claim, flags, cli } = order;
  const files: string[] = [];
  for (const { name, lines } of leftOut.byInput()) {
    const path = `${isFileName(name) ? name : 'omny-consume'}.${leftOut.kind}`;
    await writeAll(await openOutput(path, cli.stdout), lines);
    files.push(path);
  }
  if (flags.quiet || (leftOut.kind === 'unmapped' && files.length === 0)) return;
  const where = files.length === 0 ? '' : `, and written to ${escaped(files.join(', '))}. `;
  const words = withoutInputs(cli.args, sources.map(nameOf));
  const next =
    leftOut.kind === 'unreadable' && leftOut.partsOfSessions
      ? `The other events of their sessions were not sent: correct the input itself, and run the same command again${claim ? '' : ' with a ledger (--ledger FILE); without one it sends the other sessions twice'}`
      : `Correct them there, and send the corrected lines: ${escaped(safeCommand(words, ...files))}`;
  cli.stderr.write(`${message}${where && where + next}\n`);
}

/** The words of a command line without its inputs. */
function withoutInputs(args: readonly string[], inputs: readonly string[]): readonly string[] {
  return args.filter(
    (word, i) => !inputs.includes(word) && !/^--query(=|$)/.test(word) && args[i - 1] !== '--query',
  );
}

/** Reports the sessions that are in no count of the result. */
function reportNotCounted({ keptOut }: Checked, { counts }: Load, { claim, flags, cli }: Order): void {
  reportKeptOut(keptOut, flags, cli);
  if (counts.beyondLimit === 0 || flags.quiet) return;
  const next = claim
    ? 'run the same command again to send more'
    : 'without a ledger (--ledger FILE), the same command sends the same ones again';
  cli.stderr.write(`${pluralize(counts.beyondLimit, 'session')} not sent because of --limit: ${next}\n`);
}

/** Writes the result. A closed pipe or a full disk does not change what was delivered. */
async function writeResult(result: Result, output: Output, { flags, cli }: Order): Promise<ExitCode> {
  try {
    const text =
      flags.format === 'json'
        ? [resultJson(result)]
        : forPeople([resultText(result, flags, cli)], flags.output, cli);
    await writeAll(output, text);
    if (flags.format === 'json' && !flags.quiet)
      for (const line of nextCommands(result, flags, cli)) cli.stderr.write(`${line}\n`);
    return result.exitCode;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    cli.stderr.write(`error: ${escaped(error.message)}\n`);
    return worstExitCode(result.exitCode, EXIT.usage);
  }
}

function endpointOf({ endpoint }: SendFlags): Endpoint {
  if (endpoint !== undefined && endpoint !== '') return parseEndpoint(endpoint);
  throw new UserError(
    'usage',
    'no --endpoint: name omny (the real host), mock (a stand-in inside this process) or a URL',
    'Or set OMNY_CONSUME_ENDPOINT.',
  );
}

function batchSettings({ batchSessions, batchBytes, source = DEFAULT_SOURCE }: SendFlags): BatchSettings {
  return { maxSessions: batchSessions, maxBytes: batchBytes, defaultSource: source };
}

async function* curls(
  planned: Iterable<Batch> | AsyncIterable<Batch>,
  endpoint: Endpoint,
): AsyncGenerator<string> {
  for await (const batch of planned) yield curlCommand(batch, endpoint);
}
