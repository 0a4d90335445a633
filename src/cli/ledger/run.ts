import { existsSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { parse } from 'csv-parse/sync';
import { diskReason, UserError } from '../../domain/errors.js';
import { guidKey, isGuid } from '../../domain/guid.js';
import { escaped, formatNumber, pluralize, safeCommand, shellWords } from '../../domain/text.js';
import { holderPath, LedgerHeld } from '../../send/ledger/ledger-file.js';
import { mergeLedgers } from '../../send/ledger/merge.js';
import { openLocked } from '../../send/ledger/open-file.js';
import { openKnown } from '../../send/ledger/open-ledgers.js';
import { salvageLedger } from '../../send/ledger/salvage.js';
import { loadSqlite, type Sqlite } from '../../send/ledger/sqlite.js';
import {
  ambiguousCount,
  type SettleVerdict,
  type SurveyState,
  settleSessions,
} from '../../send/ledger/survey.js';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import type { CommonFlags } from '../options/option.js';
import { openOutput, writeAll } from '../output.js';
import { forPeople } from '../terminal.js';
import { requireDistinctFiles } from '../written-files.js';
import { sessionTexts, summaryJson, summaryOf, summaryText } from './text.js';

/** The flags of `ledger`. */
export interface LedgerFlags extends CommonFlags {
  readonly format: 'pretty' | 'json' | 'ndjson' | 'csv';
  readonly state?: SurveyState;
  readonly run?: number;
  /** SessionIds, and names of files with SessionIds after `@`. */
  readonly session?: readonly string[];
  readonly settle?: SettleVerdict;
  readonly salvage?: string;
  readonly yes?: boolean;
}

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
    return await show(file, sqlite, flags, cli);
  } catch (error) {
    if (error instanceof LedgerHeld) await reportHeld(error, flags, cli);
    throw error;
  }
}

async function show(file: string, sqlite: Sqlite, flags: LedgerFlags, cli: Cli): Promise<ExitCode> {
  requireDistinctFiles({ 'the output': flags.output }, [file]);
  const { database, close } = openKnown(file, sqlite);
  try {
    await writeAll(
      await openOutput(flags.output, cli.stdout),
      flags.format === 'pretty' ? forPeople(pieces(), flags.output, cli) : pieces(),
    );
  } finally {
    close();
  }
  if (flags.state === 'ambiguous' && flags.format === 'pretty' && !flags.quiet)
    cli.stderr.write(
      'The clip and time of a session are in the file that was sent: omny-consume report --session ID FILE\n',
    );
  return EXIT.ok;

  function pieces(): Iterable<string> {
    const { state, run, format } = flags;
    const sessions = sessionsIn(flags);
    const lists = state !== undefined || run !== undefined || sessions !== undefined;
    if (lists || format === 'ndjson' || format === 'csv')
      return sessionTexts(database, { state, run, sessions }, format);
    const summary = summaryOf(database, file);
    return [format === 'json' ? summaryJson(summary) : summaryText(summary)];
  }
}

/** Prints what the run that uses the ledger reports about itself. */
async function reportHeld({ path, holder }: LedgerHeld, flags: LedgerFlags, cli: Cli): Promise<void> {
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
  if (files.length > 0)
    throw new UserError('usage', '--salvage already names the ledger: give no other file');
  const into = newFile(flags);
  const { sessions, damaged: lost } = salvageLedger(damaged, into, sqlite);
  cli.stderr.write(
    `${escaped(into)}: ${pluralize(sessions, 'session')} could be read${lost ? '; others could not be read, and would be sent again: look in Omny Studio before you send with this ledger' : ''}. See the sessions: omny-consume ledger ${escaped(shellWords([into]))}\n`,
  );
  return EXIT.ok;
}

function newFile({ output }: LedgerFlags): string {
  if (output !== undefined && output !== '-') return output;
  throw new UserError('usage', 'no -o FILE: name the new ledger');
}

/** The SessionIds of `--session` and of its files, in lower case; undefined without the option. */
function sessionsIn({ session }: LedgerFlags): readonly string[] | undefined {
  return session?.flatMap((word) => {
    const ids = word.startsWith('@') ? idsIn(word.slice(1)) : [word];
    const wrong = ids.find((id) => !isGuid(id));
    if (wrong === undefined && ids.length > 0) return ids.map(guidKey);
    throw new UserError(
      'usage',
      `--session ${word}: expected ${word.startsWith('@') ? 'a SessionId per line' : 'a SessionId'}, received ${wrong === undefined ? 'none' : JSON.stringify(wrong)}`,
    );
  });
}

/** The ids of a file: one per line, or the column sessionId of a CSV. */
function idsIn(path: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError('input', `${path}: cannot be read: ${diskReason(error)}`);
  }
  const rows = parse(text, { bom: true, trim: true, skipEmptyLines: true, relaxColumnCount: true });
  const column = Math.max(0, rows[0]?.indexOf('sessionId') ?? 0);
  return rows.map((row) => row[column] ?? '').filter((id) => id !== 'sessionId');
}

const MEANS: Readonly<Record<SettleVerdict, string>> = {
  delivered: 'were counted: they will never be sent again',
  'not-sent': 'were not counted: the next run sends them',
};

/** Settles ambiguous sessions by what the user saw in Omny Studio. Asks first. */
async function settle(
  file: string,
  verdict: SettleVerdict,
  sqlite: Sqlite,
  flags: LedgerFlags,
  cli: Cli,
): Promise<ExitCode> {
  const { state, run } = flags;
  if (state !== 'ambiguous') {
    throw new UserError(
      'usage',
      '--settle is for ambiguous sessions',
      'Add --state ambiguous; add --run N, --session ID or --session @FILE to settle only some.',
    );
  }
  if (!existsSync(file)) throw new UserError('input', `${file}: no such ledger`);
  const { database } = openLocked(file, sqlite, (what) => cli.stderr.write(`${what}\n`));
  try {
    const ids = sessionsIn(flags);
    const filter = { run, sessions: ids };
    const sessions = ambiguousCount(database, filter);
    if (sessions === 0)
      throw new UserError('usage', `${file}: no ambiguous session matches; nothing was changed`);
    const named = new Set(ids).size;
    const others =
      named > sessions
        ? ` (of ${pluralize(named, 'id')}; ${formatNumber(named - sessions)} not ambiguous in this ledger)`
        : '';
    await confirm(
      `${pluralize(sessions, 'session')} of ${escaped(file)}${others} ${MEANS[verdict]}`,
      flags,
      cli,
    );
    settleSessions(database, filter, { verdict, who: whoami(), at: Math.floor(flags.now ?? cli.now()) });
    if (!flags.quiet) cli.stderr.write(`${pluralize(sessions, 'session')} settled as ${verdict}${others}\n`);
    return EXIT.ok;
  } finally {
    database.exec('PRAGMA journal_mode = DELETE');
    database.close();
  }
}

async function confirm(what: string, { yes }: LedgerFlags, cli: Cli): Promise<void> {
  if (yes) return;
  if (!cli.stdin.isTTY || !cli.stderr.isTTY)
    throw new UserError(
      'usage',
      `nothing was changed: there is no terminal to confirm that ${what}`,
      `To confirm: ${safeCommand(cli.args, '--yes')}`,
    );
  const lines = createInterface({ input: cli.stdin, output: cli.stderr });
  try {
    const answer = await lines.question(`Confirm that ${what}. Continue? [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('usage', 'nothing was changed');
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
