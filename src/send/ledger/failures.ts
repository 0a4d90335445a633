import { diskReason, UserError } from '../../domain/errors.js';
import type { FileChange } from './ledger-file.js';
import { APPLICATION_ID, LEDGER_VERSION } from './schema.js';
import { type Database, SqliteFailure } from './sqlite.js';

/** The ledger could not be written: nothing may be sent any more. */
export class LedgerFailure extends Error {
  override readonly name: string = 'LedgerFailure';
}

/** The ledger's file is not as this run left it: nothing may be sent or written any more. */
export class LedgerLost extends LedgerFailure {
  override readonly name = 'LedgerLost';

  constructor(
    readonly path: string,
    readonly change: FileChange,
    advice: string,
  ) {
    super(`${path}: ${CHANGES[change]}, while this run had it. ${advice}`);
  }
}

const CHANGES: Readonly<Record<FileChange, string>> = {
  gone: 'the ledger was moved or deleted',
  replaced: 'another file was put in the ledger’s place',
  linked: 'the ledger was given another name (a hard link)',
  written: 'something else wrote to the ledger',
};

/** What SQLite's failure means for a run that writes. */
export function writeFailure(path: string, error: unknown): unknown {
  if (!(error instanceof SqliteFailure)) return error;
  const reason =
    error.problem === 'disk' && error.message.includes('full')
      ? diskReason({ code: 'ENOSPC' })
      : error.message;
  return new LedgerFailure(`${path}: the ledger cannot be written: ${reason}`, { cause: error });
}

/** A ledger that cannot be relied on. @param what As it follows the path and a colon. */
function damaged(path: string, what: string): UserError {
  return new UserError(
    'input',
    `${path}: ${what}: nothing was sent, and the file is left as it is`,
    `Never delete a ledger: only the ledger knows what was delivered. Restore it from a copy. Without a copy: omny-consume ledger --salvage ${path} -o ${path}.salvaged`,
  );
}

/** SQLite takes an empty file for a new database: a ledger is never one. */
export function emptyFile(path: string): UserError {
  return damaged(path, 'the file is empty, as no ledger is');
}

const ELSEWHERE =
  'Make the ledger and its folder writable, and run the same command again. A ledger elsewhere (--ledger FILE) would know of no earlier delivery.';

/** What SQLite's failure to open or read a ledger means. */
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
 * Looks whether an open file is a ledger of this version.
 * @throws UserError of kind `input` where it is not, is damaged or is empty
 */
export function checkContents(database: Database, path: string): void {
  try {
    const id = pragma(database, 'application_id');
    const version = pragma(database, 'user_version');
    if (id !== APPLICATION_ID) {
      throw new UserError(
        'input',
        `${path}: is a database, but no delivery ledger: it is left as it is`,
        'Name another file with --ledger.',
      );
    }
    if (version !== LEDGER_VERSION) {
      throw new UserError(
        'input',
        `${path}: expected a ledger of version ${LEDGER_VERSION}, received version ${String(version)}`,
        'Use the version of omny-consume that made it.',
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

/** The first value that a pragma gives. */
export function pragma(database: Database, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}
