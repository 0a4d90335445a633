import { createInterface, type Interface } from 'node:readline/promises';
import { UserError } from '../../domain/errors.js';
import { escaped, pluralize } from '../../domain/text.js';
import type { Endpoint } from '../../send/endpoint.js';
import type { Plan } from '../../send/plan.js';
import type { Prepared } from '../../send/prepare.js';
import { shellWords } from '../../send/shell.js';
import type { Cli } from '../cli.js';
import { colorsFor, formatDuration } from '../terminal.js';
import { findingsReport } from '../validate/reporters/index.js';
import type { SendFlags } from './flags.js';

/** @throws UserError of kind `usage` where simulated sessions would leave for a real host unasked. */
export function refuseSimulated({ simulated }: Prepared, { host }: Endpoint, flags: SendFlags): void {
  if (!simulated || flags.allowSimulated) return;
  throw new UserError(
    'usage',
    `the input holds sessions that simulate made, and ${host} is not on this machine: nothing was sent`,
    'Nothing can be deleted at Omny; --allow-simulated sends them all the same.',
  );
}

/** Asks before anything goes off this machine. @throws UserError of kind `usage` where the answer is no, or nobody can be asked. */
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
    /** Its name; null without one. */
    readonly ledger: string | null;
  },
  cli: Cli,
): Promise<void> {
  if (yes) return;
  if (!interactive || !cli.stdin.isTTY || !cli.stderr.isTTY) {
    throw new UserError(
      'usage',
      `${host} is not on this machine, and nobody can be asked: nothing was sent`,
      'Look at --dry-run first, then add --yes.',
    );
  }
  cli.stderr.write(question(plan, host, ledger));
  const lines = createInterface({ input: cli.stdin, output: cli.stderr });
  const answer = await answerTo(lines, signal);
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('usage', 'not sent: the answer was no');
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

function question(
  { groups, organizations, sessions, playedSeconds, requests, seconds }: Plan,
  host: string,
  ledger: string | null,
): string {
  const whom =
    organizations === 1
      ? `organization ${groups[0]?.organizationId}`
      : pluralize(organizations, 'organization');
  const time = seconds === null ? '' : `, about ${formatDuration(seconds)}`;
  return [
    `To ${host}, ${whom}:`,
    `  ${pluralize(sessions, 'session')}, ${formatDuration(playedSeconds)} of listening, in ${pluralize(requests, 'request')}${time}`,
    ledger === null ? '  without a ledger: a further run sends everything again' : `  ledger ${ledger}`,
    '  Nothing can be deleted at Omny once it is sent.',
    '',
  ].join('\n');
}

/** Tells, on standard error, why an input is not sent. */
export async function tellInvalid(checked: Prepared, flags: SendFlags, cli: Cli): Promise<void> {
  const { errors, errorsOmitted, summary, invalidSessions } = checked;
  const colors = colorsFor(cli.stderr, flags.color, cli.env);
  const look = { colors, columns: cli.stderr.columns ?? null, all: flags.verbose === true };
  const found = { findings: errors, omitted: errorsOmitted, summary };
  for await (const text of findingsReport(found, look)) cli.stderr.write(text);
  const counted = `nothing was sent: ${pluralize(errors.length + errorsOmitted, 'error')} in the input, ${pluralize(invalidSessions, 'invalid session')}`;
  cli.stderr.write(`error: ${counted}. ${advice(checked, flags)}\n`);
}

/** Whether nothing is sent whatever `--skip-invalid` says: a column cannot be believed, or nobody knows which sessions lost an event. */
export function refusesAll({ tableErrors, untellable }: Prepared): boolean {
  return tableErrors > 0 || untellable.length > 0;
}

function advice({ tableErrors, untellable }: Prepared, { skipInvalid }: SendFlags): string {
  if (tableErrors > 0) {
    const same = skipInvalid ? ', which --skip-invalid does not change' : '';
    return `A column of the table cannot be believed${same}: mend the file, or add the option that the finding names.`;
  }
  if (untellable.length === 0) return 'Mend it, or --skip-invalid sends the rest.';
  const places = untellable.slice(0, MAX_PLACES).map(({ input, line }) => `${input.name}:${line}`);
  const more = untellable.length > MAX_PLACES ? ` and ${untellable.length - MAX_PLACES} more` : '';
  const file = shellWords([untellable[0]!.input.name]);
  return escaped(
    `Which sessions stood at ${places.join(', ')}${more} cannot be told. Look at these lines, and leave them out: omny-consume convert ${file} --unreadable rest.txt -o clean.ndjson`,
  );
}

const MAX_PLACES = 5;
