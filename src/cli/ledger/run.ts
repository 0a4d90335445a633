import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../domain/errors.js';
import { escaped, pluralize } from '../../domain/text.js';
import { shellWords } from '../../send/curl.js';
import { holderPath, LedgerHeld } from '../../send/ledger/holder.js';
import { mergeLedgers } from '../../send/ledger/merge.js';
import { openKnown } from '../../send/ledger/open-known.js';
import { salvageLedger } from '../../send/ledger/salvage.js';
import { loadSqlite, type Sqlite } from '../../send/ledger/sqlite.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { openOutput, writeAll } from '../output.js';
import { keepApart } from '../written-files.js';
import type { LedgerFlags } from './flags.js';
import { sessionTexts } from './session-texts.js';
import { settle } from './settle.js';
import { summaryJson, summaryOf, summaryText } from './summary.js';

export async function runLedger(files: readonly string[], flags: LedgerFlags, cli: Cli): Promise<ExitCode> {
  const sqlite = await loadSqlite();
  if (flags.salvage !== undefined) return salvage(files, flags.salvage, sqlite, flags, cli);
  if (files[0] === 'merge') return merge(files.slice(1), sqlite, flags, cli);
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw new UserError(
      'usage',
      `expected one ledger, received ${files.length === 0 ? 'none' : files.length}`,
      'omny-consume ledger FILE, or: omny-consume ledger merge A B -o C',
    );
  }
  try {
    if (flags.settle !== undefined) return await settle(file, flags.settle, sqlite, flags, cli);
    return await tell(file, sqlite, flags, cli);
  } catch (error) {
    if (error instanceof LedgerHeld) await tellHeld(error, flags, cli);
    throw error;
  }
}

async function tell(file: string, sqlite: Sqlite, flags: LedgerFlags, cli: Cli): Promise<ExitCode> {
  keepApart({ 'what is told of it': flags.output }, [file]);
  const { database, close } = openKnown(file, sqlite);
  try {
    await writeAll(await openOutput(flags.output, cli.stdout), pieces());
  } finally {
    close();
  }
  return EXIT.ok;

  function pieces(): Iterable<string> {
    const { state, run, session, format } = flags;
    const lists = state !== undefined || run !== undefined || session !== undefined;
    if (lists || format === 'ndjson' || format === 'csv')
      return sessionTexts(database, { state, run, session }, format);
    const summary = summaryOf(database, file);
    return [format === 'json' ? summaryJson(summary) : summaryText(summary)];
  }
}

/** What the run that has it says of itself. */
async function tellHeld({ path, holder }: LedgerHeld, flags: LedgerFlags, cli: Cli): Promise<void> {
  const texts = [holderPath(path), holder?.status].flatMap((file) =>
    file && existsSync(file) ? [readFileSync(file, 'utf8')] : [],
  );
  await writeAll(await openOutput(flags.output, cli.stdout), texts);
}

function merge(files: readonly string[], sqlite: Sqlite, flags: LedgerFlags, cli: Cli): ExitCode {
  const into = newFile(flags);
  if (files.length < 2) throw new UserError('usage', 'merge joins at least two ledgers');
  const sessions = mergeLedgers(files, into, sqlite);
  if (!flags.quiet)
    cli.stderr.write(
      `${escaped(into)}: ${pluralize(sessions, 'session')} of ${pluralize(files.length, 'ledger')}\n`,
    );
  return EXIT.ok;
}

function salvage(
  files: readonly string[],
  damaged: string,
  sqlite: Sqlite,
  flags: LedgerFlags,
  cli: Cli,
): ExitCode {
  if (files.length > 0) throw new UserError('usage', '--salvage names the ledger itself: no other is taken');
  const into = newFile(flags);
  const { sessions, damaged: lost } = salvageLedger(damaged, into, sqlite);
  cli.stderr.write(
    `${escaped(into)}: ${pluralize(sessions, 'session')} could be read${lost ? '; others could not, and would be sent again: look in Omny Studio before sending with it' : ''}. See them: omny-consume ledger ${escaped(shellWords([into]))}\n`,
  );
  return EXIT.ok;
}

function newFile({ output }: LedgerFlags): string {
  if (output !== undefined && output !== '-') return output;
  throw new UserError('usage', 'no -o FILE: name the ledger to be made');
}
