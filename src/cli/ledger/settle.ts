import { existsSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { UserError } from '../../domain/errors.js';
import { escaped, pluralize } from '../../domain/text.js';
import { openLocked } from '../../send/ledger/open-file.js';
import { ambiguousCount, type SettleVerdict, settleSessions } from '../../send/ledger/settle.js';
import type { Sqlite } from '../../send/ledger/sqlite.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { LedgerFlags } from './flags.js';

const MEANS: Readonly<Record<SettleVerdict, string>> = {
  delivered: 'were counted: they will never be sent again',
  'not-sent': 'were not counted: the next run sends them',
};

/** Settles ambiguous sessions by what somebody saw. Asks first. */
export async function settle(
  file: string,
  verdict: SettleVerdict,
  sqlite: Sqlite,
  flags: LedgerFlags,
  cli: Cli,
): Promise<ExitCode> {
  const { state, run, session } = flags;
  if (state !== 'ambiguous') {
    throw new UserError(
      'usage',
      '--settle is for ambiguous sessions',
      'Add --state ambiguous, and --run N or --session ID for some of them.',
    );
  }
  if (!existsSync(file)) throw new UserError('input', `${file}: no such ledger`);
  const { database } = openLocked(file, sqlite, (what) => cli.stderr.write(`${what}\n`));
  try {
    const filter = { run, session };
    const sessions = ambiguousCount(database, filter);
    if (sessions === 0)
      throw new UserError('usage', `${file}: no such session is ambiguous: nothing was changed`);
    await confirm(`${pluralize(sessions, 'session')} of ${escaped(file)} ${MEANS[verdict]}`, flags, cli);
    settleSessions(database, filter, { verdict, who: whoami(), at: Math.floor(flags.now ?? cli.now()) });
    if (!flags.quiet) cli.stderr.write(`${pluralize(sessions, 'session')} settled as ${verdict}\n`);
    return EXIT.ok;
  } finally {
    database.exec('PRAGMA journal_mode = DELETE');
    database.close();
  }
}

async function confirm(what: string, { yes }: LedgerFlags, cli: Cli): Promise<void> {
  if (yes) return;
  if (!cli.stdin.isTTY || !cli.stderr.isTTY)
    throw new UserError('usage', `nobody can be asked whether ${what}: nothing was changed`, 'Add --yes.');
  const lines = createInterface({ input: cli.stdin, output: cli.stderr });
  try {
    const answer = await lines.question(`You say that ${what}. Is that so? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new UserError('usage', 'nothing was changed: the answer was no');
  } finally {
    lines.close();
  }
}

function whoami(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return `@${hostname()}`;
  }
}
