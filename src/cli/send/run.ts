import { UserError } from '../../domain/errors.js';
import { readInputs } from '../../read/read.js';
import { type InputSource, nameOf } from '../../read/source.js';
import { curlCommand } from '../../send/curl.js';
import { type Endpoint, parseEndpoint } from '../../send/endpoint.js';
import { planOf } from '../../send/plan.js';
import { type Prepared, prepare, type SendableSession } from '../../send/prepare.js';
import { politeRate, send } from '../../send/send.js';
import { OrganizationGuard } from '../../validate/organization-guard.js';
import { DEFAULT_SOURCE } from '../../wire/body.js';
import { type Batch, type BatchSettings, batches } from '../../write/batches.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { readOptionsOf, readsStdin, sourcesOf } from '../options/input.js';
import { inspectOptionsOf } from '../options/rules.js';
import { openOutput, writeAll } from '../output.js';
import { Interrupted, stopSignal } from '../signals.js';
import { count } from '../words.js';
import type { SendFlags } from './command.js';
import { appendDeadLetters, deadLetterPath } from './dead-letters.js';
import { confirm, refuseSimulated } from './guards.js';
import { planText } from './plan-text.js';
import { Progress } from './progress.js';
import { refusal } from './refusal.js';
import { type Result, resultJson, resultOf, resultText } from './result.js';

/** Two passes: the first reads and checks everything, the second sends. */
export async function runSend(files: readonly string[], flags: SendFlags, cli: Cli): Promise<ExitCode> {
  const endpoint = endpointOf(flags);
  const sources = sourcesOf(files, cli);
  const prepared = await firstPass(sources, endpoint, flags, cli);
  const rate = flags.rate ?? politeRate(endpoint);
  const refused = prepared.errors.length > 0 && flags.skipInvalid !== true;
  if (refused) {
    refusal(prepared, flags, cli);
    if (flags.format === 'json')
      await print([resultJson(resultOf(prepared, endpoint, EXIT.invalid))], flags, cli);
    return EXIT.invalid;
  }
  if (flags.printCurl) {
    await print(curls(batchesOf(prepared, flags), endpoint), flags, cli);
    return EXIT.ok;
  }
  const plan = await planOf(batchesOf(prepared, flags), rate);
  if (flags.dryRun) {
    await print([planText(plan, prepared, endpoint)], flags, cli);
    return EXIT.ok;
  }
  if (!endpoint.loopback && plan.sessions > 0) {
    refuseSimulated(prepared, endpoint, flags);
    await confirm(plan, endpoint, { yes: flags.yes === true, interactive: !readsStdin(sources) }, cli);
  }
  if (prepared.transportErrors > 0 && !flags.quiet) {
    cli.stderr.write(
      `${count(prepared.transportErrors, 'error')} in how the capture’s requests were sent, which does not matter here: omny-consume validate explains\n`,
    );
  }
  if (plan.oversize > 0) {
    cli.stderr.write(`${count(plan.oversize, 'session')} larger than --batch-bytes: each goes alone\n`);
  }
  const deadLetters =
    prepared.invalid.length === 0 ? null : deadLetterPath(flags.deadLetter, sources.map(nameOf));
  if (deadLetters !== null) await appendDeadLetters(deadLetters, prepared.invalid, flags);
  const result = await secondPass(prepared, endpoint, {
    flags,
    cli,
    rate,
    deadLetters,
    organizations: plan.organizations,
  });
  await print([flags.format === 'json' ? resultJson(result) : resultText(result, flags, cli)], flags, cli);
  return result.exitCode;
}

function endpointOf({ endpoint }: SendFlags): Endpoint {
  if (endpoint !== undefined && endpoint !== '') return parseEndpoint(endpoint);
  throw new UserError(
    'usage',
    'no --endpoint: name omny (the real host), mock (a stand-in inside this process) or a URL',
    'Or set OMNY_CONSUME_ENDPOINT.',
  );
}

async function firstPass(
  sources: readonly InputSource[],
  endpoint: Endpoint,
  flags: SendFlags,
  cli: Cli,
): Promise<Prepared> {
  const guard = new OrganizationGuard(flags.organization);
  const records = guard.watch(readInputs(sources, readOptionsOf(flags, cli)));
  // The built-in stand-in has only just begun: it has answered nothing yet.
  const host = endpoint.kind === 'mock' ? undefined : endpoint.host;
  const prepared = await prepare(records, { ...(await inspectOptionsOf(flags, cli)), host });
  guard.refuse();
  const { events, requests } = prepared.summary;
  if (events + requests + prepared.errors.length === 0) {
    throw new UserError('input', 'nothing to send: no event and no request in the input');
  }
  return prepared;
}

function batchesOf({ sessions }: Prepared, flags: SendFlags): AsyncGenerator<Batch<SendableSession>> {
  return batches(sessions, batchSettings(flags));
}

function batchSettings({ batchSessions, batchBytes, source = DEFAULT_SOURCE }: SendFlags): BatchSettings {
  return { maxSessions: batchSessions, maxBytes: batchBytes, defaultSource: source };
}

async function* curls(planned: AsyncIterable<Batch>, endpoint: Endpoint): AsyncGenerator<string> {
  for await (const batch of planned) yield curlCommand(batch, endpoint);
}

interface SecondPass {
  readonly flags: SendFlags;
  readonly cli: Cli;
  readonly rate: number | undefined;
  readonly deadLetters: string | null;
  readonly organizations: number;
}

async function secondPass(prepared: Prepared, named: Endpoint, pass: SecondPass): Promise<Result> {
  const { flags, cli, rate, organizations, deadLetters } = pass;
  const signal = stopSignal();
  const progress = new Progress(prepared.sessions.length, flags, cli);
  let shortSessions = 0;
  try {
    const { endpoint, delivery } = await send(prepared.sessions, {
      ...batchSettings(flags),
      endpoint: named,
      concurrency: flags.concurrency,
      timeoutMs: flags.timeout * 1000,
      rate,
      signal,
      organizations,
      onRequest(settled) {
        progress.request(settled);
        if (settled.outcome.kind !== 'delivered') return;
        shortSessions += settled.batch.sessions.filter(
          ({ playedSeconds }) => (playedSeconds ?? 0) < flags.minDuration,
        ).length;
      },
      onProgress: (state) => progress.update(state),
    });
    const stopped = signal.reason instanceof Interrupted ? signal.reason.code : EXIT.ok;
    return resultOf(prepared, endpoint, stopped, { delivery, shortSessions, deadLetters });
  } finally {
    progress.end();
  }
}

async function print(
  chunks: Iterable<string> | AsyncIterable<string>,
  flags: SendFlags,
  cli: Cli,
): Promise<void> {
  await writeAll(await openOutput(flags.output, cli.stdout), chunks);
}
