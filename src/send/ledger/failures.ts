import { diskReason, UserError } from '../../domain/errors.js';
import type { FileChange } from './ledger-file.js';
import { APPLICATION_ID, LEDGER_VERSION } from './schema.js';
import { type Database, SqliteFailure } from './sqlite.js';

/** The ledger could not be written: no further request may be sent. */
export class LedgerFailure extends Error {
  override readonly name: string = 'LedgerFailure';
}

/** Something else moved or changed the ledger's file: this run may neither send nor write any more. */
export class LedgerLost extends LedgerFailure {
  override readonly name = 'LedgerLost';

  constructor(
    readonly path: string,
    readonly change: FileChange,
    advice: string,
  ) {
    super(`${path}: ${CHANGES[change]}, while this run was using it. ${advice}`);
  }
}

const CHANGES: Readonly<Record<FileChange, string>> = {
  gone: 'the ledger was moved or deleted',
  replaced: 'the ledger was replaced by another file',
  linked: 'the ledger was given another name (a hard link)',
  written: 'another program wrote to the ledger',
};

/** The error to throw if SQLite fails while a run writes. */
export function writeFailure(path: string, error: unknown): unknown {
  if (!(error instanceof SqliteFailure)) return error;
  const reason =
    error.problem === 'disk' && error.message.includes('full')
      ? diskReason({ code: 'ENOSPC' })
      : error.message;
  return new LedgerFailure(`${path}: the ledger cannot be written: ${reason}`, { cause: error });
}

/**
 * The error for a ledger that cannot be trusted. @param what What is wrong with the file; the message prints it after the path
 * and a colon.
 */
function damaged(path: string, what: string): UserError {
  return new UserError(
    'input',
    `${path}: ${what}: nothing was sent, and the file is left as it is`,
    `Never delete a ledger: only the ledger knows what was delivered. Restore it from a copy. Without a copy: omny-consume ledger --salvage ${path} -o ${path}.salvaged`,
  );
}

/** The error for an empty file. A ledger is never empty, but SQLite would use an empty file as a new database. */
export function emptyFile(path: string): UserError {
  return damaged(path, 'the file is empty, and a ledger never is');
}

const ELSEWHERE =
  'Make the ledger and its folder writable, and run the same command again. Another ledger (--ledger FILE) would not know what was delivered before.';

/** The error to throw if SQLite cannot open or read a ledger. */
export function openFailure(path: string, error: unknown): unknown {
  if (!(error instanceof SqliteFailure)) return error;
  switch (error.problem) {
    case 'cannot-open':
      return new UserError(
        'output',
        `${path}: the ledger cannot be opened: ${error.message}: nothing was sent`,
        ELSEWHERE,
      );
    case 'read-only':
      return new UserError(
        'output',
        `${path}: the ledger cannot be written: no permission: nothing was sent`,
        ELSEWHERE,
      );
    case 'disk':
      return new UserError(
        'output',
        `${path}: the ledger cannot be read or written: ${error.message}: nothing was sent`,
        'Make room on that disk, and run the same command again.',
      );
    default:
      return damaged(path, `the ledger is damaged (${error.message})`);
  }
}

/**
 * Checks that an open file is a ledger of this version.
 * @throws UserError of kind `input` where it is not, is damaged or is empty
 */
export function checkContents(database: Database, path: string): void {
  try {
    const id = pragma(database, 'application_id');
    const version = pragma(database, 'user_version');
    if (id !== APPLICATION_ID) {
      throw new UserError(
        'input',
        `${path}: is a database, but not a delivery ledger: the file was not changed`,
        'Name another file with --ledger.',
      );
    }
    if (version !== LEDGER_VERSION) {
      throw new UserError(
        'input',
        `${path}: expected a ledger of version ${LEDGER_VERSION}, received version ${String(version)}`,
        'Use the version of omny-consume that made this ledger.',
      );
    }
    database.prepare('SELECT run FROM run ORDER BY run DESC LIMIT 1').get();
  } catch (error) {
    throw openFailure(path, error);
  }
}

/** @throws UserError of kind `input` where SQLite's own check finds damage */
export function checkIntegrity(database: Database, path: string): void {
  let found: unknown;
  try {
    found = pragma(database, 'integrity_check(1)');
  } catch (error) {
    throw openFailure(path, error);
  }
  if (found !== 'ok') throw damaged(path, `the ledger is damaged (${String(found)})`);
}

/** The value that a pragma returns: the first column of its first row. */
export function pragma(database: Database, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}
