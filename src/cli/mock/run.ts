import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { UserError } from '../../domain/errors.js';
import { escaped, pluralize } from '../../domain/text.js';
import type { ScriptCheck } from '../../expect/compare-with-script.js';
import type { MockOptions } from '../../mock/options.js';
import { type MockEndpoint, startMockEndpoint } from '../../mock/start.js';
import { isLoopback } from '../../send/endpoint.js';
import { type Gated, judge } from '../../validate/gates.js';
import { type Cli, EXIT, stopSignal } from '../cli.js';
import { comparisonText, missingText, scriptCheckOf } from '../commands/expect.js';
import { type FailOn, gatesAfterUpdate, readGates } from '../options/gates.js';
import { colorsFor, columnsOf } from '../terminal.js';
import { requireDistinctFiles } from '../written-files.js';
import { type MockFlags, mockOptionsOf } from './mock-options.js';
import { Arrivals, Recorder, RequestLines, sheetVerdict, writeReport } from './output.js';

/** Runs the mock until the command has ended, or a signal stops it, and returns the exit code for what arrived. */
export async function runMock(command: readonly string[], flags: MockFlags, cli: Cli): Promise<number> {
  refuseStrayWords(command, cli);
  const written = { 'the output': flags.output, 'the record': flags.record, 'the baseline': flags.baseline };
  requireDistinctFiles(written, [flags.clips, ...(flags.script ?? [])]);
  const gates = await readGates(flags);
  const options = await mockOptionsOf(flags, cli);
  const { record, force = false } = flags;
  const recorder = record === undefined ? null : await Recorder.open(record, force, cli);
  const check = await scriptCheck(flags);
  const arrivals = new Arrivals(flags.quiet ? null : new RequestLines(flags, cli));
  const mock = await startRecording({ ...options, ...compared(check, flags, cli) }, arrivals, recorder, cli);
  let commandCode: number;
  try {
    commandCode = await runUntilStopped(mock, command, flags, cli);
  } finally {
    await mock.close();
    await recorder?.close(cli.now());
  }
  arrivals.throwBug();
  const total = mock.total();
  const { summary, sheet } = total;
  const gated = judge(total, await gatesAfterUpdate(gates, total, flags, cli));
  const { failOn, expectSessions } = flags;
  const sheetFails = sheet?.passed === false;
  const { eventsLost } = arrivals;
  const code = verdictOf({
    sessions: summary.sessions,
    gated,
    failOn,
    sheetFails,
    eventsLost,
    expectSessions,
    commandCode,
  });
  if (arrivals.any && (!flags.quiet || code !== EXIT.ok)) {
    await writeReport({ ...total, gated }, arrivals, command, flags, cli);
  }
  if (sheet && !arrivals.any) cli.stderr.write(sheetVerdict(sheet));
  if (eventsLost > 0)
    cli.stderr.write(
      `error: ${pluralize(eventsLost, 'request')} with events did not reach the endpoint. The first request: ${escaped(arrivals.whyLost)}\n`,
    );
  const missing = sessionsMissing(summary.sessions, expectSessions);
  if (missing !== null) {
    const toDo =
      command.length > 0
        ? 'the command has to post to the URL in OMNY_CONSUME_ENDPOINT'
        : `point the player at ${mock.url}`;
    cli.stderr.write(`error: ${whyMissing(missing, arrivals, toDo, expectSessions)}\n`);
  }
  for (const script of check?.missing ?? []) cli.stderr.write(missingText(script));
  if (code === EXIT.ok && check && !check.matches) return EXIT.invalid;
  return code === EXIT.ok && recorder?.fault ? EXIT.usage : code;
}

/** The scripts of `--script`; null without the option. @throws UserError when a script cannot be read */
async function scriptCheck({ script, session, clips }: MockFlags): Promise<ScriptCheck | null> {
  if (script)
    return scriptCheckOf({
      script,
      ...(session !== undefined && { session }),
      ...(clips !== undefined && { clips }),
    });
  if (session !== undefined) throw new UserError('usage', '--session needs --script');
  return null;
}

/** Compares each session with its script as it arrives. */
function compared(check: ScriptCheck | null, flags: MockFlags, cli: Cli): Pick<MockOptions, 'onSession'> {
  if (!check) return {};
  const colors = colorsFor(cli.stderr, flags.color, cli.env);
  return {
    onSession(session) {
      try {
        if (!check.picks(session)) return;
        const comparison = check.take(session);
        if (!(flags.quiet && comparison.matches))
          cli.stderr.write(comparisonText(comparison, { colors, columns: columnsOf(cli.stderr) }));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        cli.stderr.write(`error: ${escaped(error.message)}\n`);
      }
    },
  };
}

/** @throws UserError when the mock cannot listen; the recorder is closed in that case */
async function startRecording(
  options: MockOptions,
  { listeners }: Arrivals,
  recorder: Recorder | null,
  cli: Cli,
): Promise<MockEndpoint> {
  try {
    return await startMockEndpoint({ ...options, ...listeners, ...recorder?.hooks });
  } catch (error) {
    await recorder?.close(cli.now());
    throw error instanceof UserError ? error : notStarted(options, error as NodeJS.ErrnoException);
  }
}

/** Waits for the command to end and returns its exit code. Without a command, waits for a signal. */
async function runUntilStopped(
  mock: MockEndpoint,
  command: readonly string[],
  flags: MockFlags,
  cli: Cli,
): Promise<number> {
  const stop = command.length > 0 ? null : stopSignal();
  printAddresses(mock, command, flags, cli);
  if (stop) {
    await whenAborted(stop);
    return EXIT.ok;
  }
  return runCommand(command, { OMNY_CONSUME_ENDPOINT: mock.url, OMNY_CONSUME_MOCK: mock.baseUrl }, cli);
}

function printAddresses(
  mock: MockEndpoint,
  command: readonly string[],
  flags: MockFlags,
  { stderr }: Cli,
): void {
  if (flags.quiet) return;
  if (!isLoopback(flags.host)) {
    stderr.write(`warning: --host ${flags.host}: others on the network can reach the endpoint\n`);
  }
  stderr.write(`endpoint  ${mock.url}\n`);
  if (command.length === 0) stderr.write(`page      ${mock.baseUrl}/\nStop it with Ctrl-C.\n`);
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}

function notStarted({ port, host }: MockOptions, error: NodeJS.ErrnoException): Error {
  const code = error.code ?? '';
  if (code === 'EADDRINUSE') {
    return new UserError(
      'usage',
      `port ${port} is taken`,
      'Is another mock running? Choose another port with --port; 0 picks a free one.',
    );
  }
  if (code === 'EACCES') {
    return new UserError(
      'usage',
      `no permission to listen on port ${port}`,
      'Choose a port above 1023, such as --port 8787.',
    );
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new UserError('usage', `--host ${host}: is not an address of this machine`);
  }
  if (code.startsWith('ERR_OSSL') || code.startsWith('ERR_TLS')) {
    return new UserError(
      'input',
      `--tls-cert and --tls-key: ${error.message}`,
      'They must be a pair, in PEM, and the key must not have a passphrase.',
    );
  }
  return error;
}

/** Refuses a command without `--` before it, because its options would be parsed as options of the mock. */
function refuseStrayWords(command: readonly string[], { args }: Cli): void {
  const behind = args.includes('--') ? args.length - args.indexOf('--') - 1 : 0;
  if (command.length === behind) return;
  throw new UserError(
    'usage',
    `unexpected ${JSON.stringify(command[0])}: write the command to run after --`,
    `Such as: omny-consume mock -- ${command[0]}`,
  );
}

export interface VerdictInput {
  /** The number of sessions that arrived. */
  readonly sessions: number;
  readonly gated: Pick<Gated, 'errors' | 'warnings'>;
  readonly failOn: FailOn;
  /** Whether there is a sheet of behaviours, and it does not pass. */
  readonly sheetFails: boolean;
  /** The number of requests whose events were lost: they had another path or method. */
  readonly eventsLost: number;
  /** The number of sessions that must arrive; undefined for at least one. */
  readonly expectSessions: number | undefined;
  /** The command's exit code; 0 without a command. */
  readonly commandCode: number;
}

/** The exit code of a finished mock: the command's, else that of the findings, else that of missing sessions. */
export function verdictOf(verdict: VerdictInput): number {
  const { sessions, gated, failOn, sheetFails, eventsLost, expectSessions, commandCode } = verdict;
  if (commandCode !== 0) return commandCode;
  const errors = gated.errors + eventsLost;
  const failing = { error: errors, warning: errors + gated.warnings, never: 0 }[failOn];
  if (failing > 0 || sheetFails) return EXIT.invalid;
  return sessionsMissing(sessions, expectSessions) === null ? EXIT.ok : EXIT.usage;
}

/**
 * What is wrong with the number of sessions, and what arrived.
 * @param toDo What the user can do if no request arrived.
 */
function whyMissing(
  missing: string,
  { requests, delivered }: Arrivals,
  toDo: string,
  expected: number | undefined,
): string {
  if (requests === 0) return `${missing}: ${toDo}`;
  const arrived = `${pluralize(requests, 'request')} arrived`;
  if (delivered > 0) return `${missing}: ${arrived}`;
  const counted = expected === undefined ? 'no session was delivered' : missing;
  return `${counted}: ${arrived}, and none was answered 2xx`;
}

/** What is wrong with the number of sessions; null when it is right. No session at all is a failure. */
export function sessionsMissing(received: number, expected: number | undefined): string | null {
  if (expected !== undefined) {
    return received === expected ? null : `expected ${pluralize(expected, 'session')}, received ${received}`;
  }
  return received > 0 ? null : 'no session arrived';
}

/**
 * Runs a command with this process's streams, and returns its exit code (128 and the signal's number when a signal
 * ended it, as shells do). Passes SIGINT and SIGTERM on to it; a second signal ends both at once.
 * @throws UserError of kind `usage` when the command cannot run
 */
async function runCommand(
  [file = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  cli: Cli,
): Promise<number> {
  const child = spawn(file, args, {
    stdio: 'inherit',
    env: { ...cli.env, ...env },
    shell: process.platform === 'win32',
  });
  let stopped = false;
  const stop = (signal: 'SIGINT' | 'SIGTERM') => {
    if (stopped) {
      child.kill('SIGKILL');
      process.exit(128 + constants.signals[signal]);
    }
    stopped = true;
    // On Ctrl-C the terminal already signals the command.
    if (signal === 'SIGTERM' || !cli.stdin.isTTY) child.kill(signal);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(cannotRun(file, error)));
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function cannotRun(file: string, { code, message }: NodeJS.ErrnoException): UserError {
  const why = code === 'ENOENT' ? 'no such command' : code === 'EACCES' ? 'no permission to run it' : message;
  return new UserError('usage', `${file}: ${why}`, 'Write a command and its arguments after --: -- npm test');
}
