import { count } from '../../domain/count.js';
import { UserError } from '../../domain/errors.js';
import type { Finding } from '../../domain/finding.js';
import type { MockEndpoint } from '../../mock/mock-endpoint.js';
import { Newest } from '../../mock/newest.js';
import type { MockOptions } from '../../mock/options.js';
import { startMockEndpoint } from '../../mock/start.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { EXIT } from '../exit-code.js';
import { keepApart } from '../files-apart.js';
import { openOutput, writeAll } from '../output.js';
import { stopSignal } from '../signals.js';
import { foundText } from '../validate/found-text.js';
import { runCommand } from './child.js';
import type { MockFlags } from './command.js';
import { openRecorder } from './recorder.js';
import { RequestLines } from './request-lines.js';
import { mockOptionsOf } from './settings.js';
import { sessionsMissing, verdictOf } from './verdict.js';

const KEPT_FINDINGS = 10_000;

/** Runs the mock until the command has ended, or a signal stops it, and gives the verdict on what arrived. */
export async function runMock(command: readonly string[], flags: MockFlags, cli: Cli): Promise<number> {
  refuseStrayWords(command, cli);
  keepApart({ 'the output': flags.output, 'the record': flags.record });
  const options = await mockOptionsOf(flags, cli);
  const { record, force = false } = flags;
  const recorder = record === undefined ? null : await openRecorder({ path: record, force }, cli);
  const lines = flags.quiet ? null : new RequestLines(flags, cli);
  const findings = new Newest<Finding>(KEPT_FINDINGS);
  let requests = 0;
  let unmatched = 0;
  let bug: unknown;
  const mock = await started({
    ...options,
    record: recorder ? (body) => recorder.write(body) : undefined,
    onFinding: (finding) => findings.add(finding),
    onRequest(told) {
      if (told.request.unmatched === null) requests += 1;
      else unmatched += 1;
      lines?.tell(told);
    },
    onBug(error) {
      bug ??= error;
    },
  }).catch(async (error: unknown) => {
    await recorder?.close();
    throw error;
  });
  let commandCode: number = EXIT.ok;
  try {
    await recorder?.begin();
    const stop = command.length > 0 ? null : stopSignal();
    greet(mock, command, flags, cli);
    if (stop) await aborted(stop);
    else {
      const env = { OMNY_CONSUME_ENDPOINT: mock.url, OMNY_CONSUME_MOCK: mock.baseUrl };
      commandCode = await runCommand(command, env, cli);
    }
  } finally {
    await mock.close();
    await recorder?.close();
  }
  if (bug !== undefined) throw bug;
  const summary = mock.total();
  const { failOn, expectSessions } = flags;
  const code = verdictOf({ summary, failOn, expectSessions, commandCode });
  if (requests + unmatched > 0 && (!flags.quiet || code !== EXIT.ok)) {
    const toError = flags.output === undefined && (command.length > 0 || flags.record === '-');
    const stream = toError ? cli.stderr : cli.stdout;
    const colors = colorsFor(stream, flags.output === undefined ? flags.color : 'never', cli.env);
    const omitted = summary.errors + summary.warnings + summary.infos - findings.size;
    const found = { summary, findings: findings.items(), omitted };
    const columns = flags.output === undefined ? (stream.columns ?? null) : null;
    const text = foundText(found, { colors, columns, all: flags.verbose === true });
    await writeAll(await openOutput(flags.output, stream), verdictText(text, unmatched));
  }
  const missing = sessionsMissing(summary.sessions, expectSessions);
  if (missing !== null) {
    const instead = requests > 0 ? `${count(requests, 'request')} came` : `point the player at ${mock.url}`;
    cli.stderr.write(`error: ${missing}: ${instead}\n`);
  }
  return code === EXIT.ok && recorder?.fault ? EXIT.usage : code;
}

async function* verdictText(report: AsyncIterable<string>, unmatched: number): AsyncGenerator<string> {
  yield* report;
  if (unmatched > 0) yield `${count(unmatched, 'request')} with another path or method\n`;
}

function greet(mock: MockEndpoint, command: readonly string[], flags: MockFlags, { stderr }: Cli): void {
  if (flags.quiet) return;
  if (!isLoopback(flags.host)) {
    stderr.write(`warning: --host ${flags.host}: others on the network can reach the endpoint\n`);
  }
  stderr.write(`endpoint  ${mock.url}\n`);
  if (command.length === 0) stderr.write(`page      ${mock.baseUrl}/\nCtrl-C ends it.\n`);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}

async function started(options: MockOptions): Promise<MockEndpoint> {
  try {
    return await startMockEndpoint(options);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw notStarted(options, error as NodeJS.ErrnoException);
  }
}

function notStarted({ port, host }: MockOptions, error: NodeJS.ErrnoException): Error {
  const code = error.code ?? '';
  if (code === 'EADDRINUSE') {
    return new UserError(
      'usage',
      `port ${port} is taken`,
      'Another mock? --port takes another one, 0 any free one.',
    );
  }
  if (code === 'EACCES') {
    return new UserError(
      'usage',
      `no permission to listen at port ${port}`,
      'Take one above 1023, as --port 8787.',
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new UserError('usage', `--host ${host}: no address of this machine`);
  }
  if (code.startsWith('ERR_OSSL') || code.startsWith('ERR_TLS')) {
    return new UserError(
      'input',
      `--tls-cert and --tls-key: ${error.message}`,
      'They must be one pair, in PEM, the key without a passphrase.',
    );
  }
  return error;
}

/** A command stands behind `--`, whole: else its own options would be taken for ours. */
function refuseStrayWords(command: readonly string[], { args }: Cli): void {
  const behind = args.includes('--') ? args.length - args.indexOf('--') - 1 : 0;
  if (command.length === behind) return;
  throw new UserError(
    'usage',
    `unexpected ${JSON.stringify(command[0])}: a command to run stands behind --`,
    `As in: omny-consume mock -- ${command[0]}`,
  );
}
