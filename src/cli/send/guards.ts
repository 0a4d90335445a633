import { dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import { UserError } from '../../domain/errors.js';
import {
  escaped,
  formatDuration,
  formatNumber,
  pluralize,
  safeCommand,
  shellWords,
} from '../../domain/text.js';
import type { Endpoint } from '../../send/endpoint.js';
import { isLong, type Plan } from '../../send/plan.js';
import type { Prepared } from '../../send/prepare.js';
import type { Cli } from '../cli.js';
import { isFileName, readingWords, STDIN } from '../options/input.js';
import { colorsFor, columnsOf } from '../terminal.js';
import { findingsReport } from '../validate/reporters/index.js';
import type { SendFlags } from './flags.js';

/** @throws UserError of kind `usage` for simulated sessions without `--allow-simulated`. Call it for another host. */
export function refuseSimulated(
  { simulated }: Prepared,
  { host }: Endpoint,
  flags: SendFlags,
  { args }: Pick<Cli, 'args'>,
): void {
  if (!simulated || flags.allowSimulated) return;
  throw new UserError(
    'usage',
    `the input holds sessions that simulate made, and ${host} is another host: nothing was sent`,
    `No way to delete sessions at Omny is documented. To send them anyway: ${safeCommand(args, '--allow-simulated')}`,
  );
}

/**
 * @throws UserError of kind `usage` for `--yes` without `--allow-long`, when sessions are so long that their unit is
 * probably wrong
 */
export function refuseLong(
  plan: Plan,
  { host }: Endpoint,
  { yes, allowLong }: SendFlags,
  { args }: Pick<Cli, 'args'>,
): void {
  if (!yes || allowLong || !isLong(plan)) return;
  throw new UserError(
    'usage',
    `${lengthText(plan)}: for listening this long, --yes is not enough to send to ${host}: nothing was sent`,
    `Check the unit of the lengths. If it is right: ${safeCommand(args, '--allow-long')}`,
  );
}

/** The lengths of the intervals and sessions of a plan. */
export function lengthText(plan: Plan): string {
  const { longestIntervalSeconds, longestSessionSeconds, playedSeconds, sessions, longSessions } = plan;
  const parts = [
    `longest interval ${formatDuration(longestIntervalSeconds)}`,
    `longest session ${formatDuration(longestSessionSeconds)}`,
    `${formatDuration(sessions === 0 ? 0 : playedSeconds / sessions)} a session on average`,
  ];
  if (longSessions > 0) parts.push(`${pluralize(longSessions, 'session')} over 12 h`);
  return parts.join(', ');
}

/** A warning about sessions whose ids were computed from their rows. */
export function withoutIdsText(rows: number): string {
  return `${pluralize(rows, 'row')} ${rows === 1 ? 'has' : 'have'} no SessionId; a row that changes later would count twice: use --session-key`;
}

/**
 * Asks before anything leaves this machine.
 * @throws UserError of kind `usage` when the user says no, or there is no terminal to ask on
 */
export async function confirm(
  plan: Plan,
  { host }: Endpoint,
  {
    yes,
    interactive,
    signal,
    ledger,
  }: {
    readonly yes: boolean;
    readonly interactive: boolean;
    readonly signal: AbortSignal;
    /** The name of the ledger; null without one. */
    readonly ledger: string | null;
  },
  cli: Cli,
): Promise<void> {
  if (yes) return;
  if (!interactive || !cli.stdin.isTTY || !cli.stderr.isTTY) {
    throw new UserError(
      'usage',
      `${host} is another host, and there is no terminal to confirm on: nothing was sent`,
      `Check with --dry-run first. Then: ${safeCommand(cli.args, '--yes')}`,
    );
  }
  cli.stderr.write(question(plan, host, ledger));
  const lines = createInterface({ input: cli.stdin, output: cli.stderr });
  const answer = await answerTo(lines, signal);
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('usage', 'nothing was sent');
}

async function answerTo(lines: Interface, signal: AbortSignal): Promise<string> {
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await lines.question('Send it? [y/N] ', { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    lines.close();
  }
}

function question(plan: Plan, host: string, ledger: string | null): string {
  const { groups, organizations, sessions, playedSeconds, requests, seconds } = plan;
  const whom =
    organizations === 1
      ? `organization ${groups[0]?.organizationId}`
      : pluralize(organizations, 'organization');
  const time = seconds === null ? '' : `, about ${formatDuration(seconds)}`;
  return [
    `To ${host}, ${whom}:`,
    `  ${pluralize(sessions, 'session')}, ${formatDuration(playedSeconds)} of listening, in ${pluralize(requests, 'request')}${time}`,
    `  ${lengthText(plan)}`,
    ...(isLong(plan) ? ['  These are long: check the unit of the lengths.'] : []),
    ledger === null ? '  no ledger: running the command again sends everything again' : `  ledger ${ledger}`,
    '  No way to delete sessions at Omny is documented.',
    '',
  ].join('\n');
}

/** Reports on standard error why an input is not sent. */
export async function reportInvalid(checked: Prepared, flags: SendFlags, cli: Cli): Promise<void> {
  const { errors, errorsOmitted, summary, invalidSessions } = checked;
  const colors = colorsFor(cli.stderr, flags.color, cli.env);
  const look = { colors, columns: columnsOf(cli.stderr), all: flags.verbose === true };
  const found = { findings: errors, omitted: errorsOmitted, summary };
  for await (const text of findingsReport(found, look)) cli.stderr.write(text);
  const counted = `nothing was sent: ${pluralize(errors.length + errorsOmitted, 'error')} in the input, ${pluralize(invalidSessions, 'invalid session')}`;
  cli.stderr.write(`error: ${counted}. ${advice(checked, flags, cli)}\n`);
}

/**
 * Whether to send nothing even with `--skip-invalid`: a column has implausible values, or it is unknown which
 * sessions lost an event.
 */
export function refusesAll({ tableErrors, unknownSessions }: Prepared): boolean {
  return tableErrors > 0 || unknownSessions.count > 0;
}

function advice(
  { tableErrors, unknownSessions, strayEvents }: Prepared,
  { skipInvalid }: SendFlags,
  cli: Cli,
): string {
  if (tableErrors > 0) {
    const same = skipInvalid ? ', also with --skip-invalid' : '';
    return `A column of the table has implausible values${same}: correct the file, or add the option that the finding names.`;
  }
  if (unknownSessions.count === 0)
    return `Correct the input, or send only its valid sessions: ${safeCommand(cli.args, '--skip-invalid')}`;
  const { first, count } = unknownSessions;
  const places = first.map(({ input, line }) => `${input.name}:${line}`);
  const more = count > first.length ? ` and ${formatNumber(count - first.length)} more` : '';
  return escaped(
    `It is unknown which sessions ${places.join(', ')}${more} belong to. ${leaveOut(first[0]!.input.name, strayEvents > 0, cli)}`,
  );
}

/**
 * The command that leaves out the lines of an input that cannot be read. Its output goes next to the input, so that
 * `send` finds the same ledger.
 * @param strays Whether to leave out events without a session, which request bodies cannot hold.
 */
function leaveOut(name: string, strays: boolean, { args }: Cli): string {
  const words = readingWords(args);
  if (!isFileName(name) && name !== STDIN) return 'Leave these rows out in the query, with WHERE';
  const file = name === STDIN ? 'FILE' : name;
  const beside = (other: string): string => (dirname(file) === '.' ? other : join(dirname(file), other));
  const clean = beside('clean.ndjson');
  const format = strays ? ['--output-format', 'bodies'] : [];
  const command = ['convert', file, ...words, ...format, '--unreadable', beside('rest.txt'), '-o', clean];
  const rows = ROW_FLAGS.filter((flag) => words.some((word) => word.split('=', 1)[0] === flag));
  const without = rows.length === 0 ? '' : `, without ${rows.join(' and ')}`;
  const save = name === STDIN ? 'Save the input as FILE, look' : 'Look';
  return `${save} at these lines, leave them out with this command, and send ${clean} instead of ${file}${without}: omny-consume ${shellWords(command)}`;
}

/** Options that turn JSON objects into rows. `convert` writes events, so they no longer apply. */
const ROW_FLAGS = ['--shape', '--map', '--type', '--session-key'];
