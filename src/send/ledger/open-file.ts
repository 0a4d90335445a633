import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { shellWords } from '../../domain/text.js';
import { checkContents, checkIntegrity, emptyFile, openFailure, pragma } from './failures.js';
import { type FileIdentity, holderOf, identityOf, LedgerHeld } from './ledger-file.js';
import { SCHEMA } from './schema.js';
import { type Database, type Sqlite, SqliteFailure } from './sqlite.js';

/** A ledger's file, locked for this process until the connection is closed. */
export interface LockedFile {
  readonly database: Database;
  /** The real path of the file, with symbolic links resolved. */
  readonly real: string;
  readonly identity: FileIdentity;
  /** Whether this process just created the file. */
  readonly isNew: boolean;
}

/** Called with a message before an operation that can take long. */
export type OnSlow = (what: string) => void;

/**
 * Opens a ledger for this run only, and creates it if needed. Afterwards, no other code in this process may open the file:
 * closing another descriptor of it would release the lock.
 * @throws LedgerHeld if another process has it; UserError if it has several names, is damaged, is not a ledger, or cannot be
 * opened
 */
export function openLocked(path: string, sqlite: Sqlite, onSlow: OnSlow = () => {}): LockedFile {
  try {
    const isNew = !exists(path) && createLedger(targetOf(path), sqlite);
    const real = realpathSync(resolve(path));
    const before = soleIdentity(path, real);
    // SQLite would use an empty file as a new database.
    if (before.size === 0n) throw emptyFile(path);
    const database = locked(path, real, sqlite);
    try {
      const identity = soleIdentity(path, real);
      if (identity.inode !== before.inode || identity.device !== before.device)
        throw new LedgerHeld(path, null);
      prepare(database, path, onSlow);
      return { database, real, identity: soleIdentity(path, real), isNew };
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw openError(path, error);
  }
}

function openError(path: string, error: unknown): unknown {
  if (error instanceof UserError) return error;
  if (error instanceof SqliteFailure) return openFailure(path, error);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const reason =
    code === 'ENOENT' ? 'its folder does not exist' : code === 'EACCES' ? 'no permission' : message;
  return new UserError(
    'output',
    `${path}: the ledger cannot be created: ${reason}: nothing was sent`,
    code === 'ENOENT'
      ? `Make the folder: mkdir -p ${shellWords([dirname(path)])}`
      : 'Name a file in another folder with --ledger FILE.',
  );
}

/** Whether a file exists at the path. */
function exists(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status && !status.isFile()) {
    throw new UserError(
      'usage',
      `${path}: is not a regular file, and cannot be the ledger: nothing was sent`,
      'Name another file with --ledger FILE.',
    );
  }
  return status !== undefined;
}

/** The path at which to create a ledger: the target of a symbolic link, even if the target does not exist yet. */
function targetOf(path: string): string {
  const link = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink();
  return link ? resolve(dirname(path), readlinkSync(path)) : path;
}

const DRAFT = '.new-';

/**
 * Creates a ledger under a temporary name, and gives it its real name when it is complete: so there is never an empty or
 * partial ledger under that name.
 * @param fill Writes the first content of the ledger.
 * @returns whether this process created it; false if the name already exists
 */
export function createLedger(
  path: string,
  sqlite: Sqlite,
  fill: (database: Database) => void = () => {},
): boolean {
  const full = resolve(path);
  const draft = `${full}${DRAFT}${process.pid}`;
  try {
    closeSync(openSync(draft, 'w', 0o600));
    const database = sqlite.open(draft, { readOnly: false });
    try {
      database.exec('PRAGMA synchronous = FULL');
      database.exec(`BEGIN;${SCHEMA}COMMIT`);
      fill(database);
    } finally {
      database.close();
    }
    linkSync(draft, full);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw openError(path, error);
  } finally {
    rmSync(draft, { force: true });
    rmSync(`${draft}-journal`, { force: true });
    syncFolder(dirname(full));
  }
}

/**
 * Writes a folder to the disk, because the name of a new file is part of it. Errors are ignored: not every system supports
 * this.
 */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {}
}

/** @throws UserError where the file has several names */
function soleIdentity(path: string, real: string): FileIdentity {
  let identity = identityOf(path);
  if (identity && identity.links > 1n && dropDrafts(real, identity)) identity = identityOf(path);
  // Another run made this ledger, sent nothing, and has just removed it.
  if (identity === null) throw new LedgerHeld(path, null);
  if (identity.links > 1n) throw severalNames(path, real, identity);
  return identity;
}

/**
 * Removes temporary names of the ledger, which remain if a process is killed while it creates one. Returns whether there were
 * any.
 */
function dropDrafts(real: string, { inode }: FileIdentity): boolean {
  const folder = dirname(real);
  const drafts = readdirSync(folder)
    .filter((name) => name.startsWith(basename(real) + DRAFT))
    .map((name) => join(folder, name))
    .filter((draft) => identityOf(draft)?.inode === inode);
  for (const draft of drafts) unlinkSync(draft);
  return drafts.length > 0;
}

/**
 * The error for a ledger with several names: a run that uses another name would not find the rollback journal and the ledgers
 * of other shards.
 */
function severalNames(path: string, real: string, { links, inode }: FileIdentity): UserError {
  const copy = shellWords([real, `${real}.copy`]);
  return new UserError(
    'usage',
    `${path}: this file has ${links} names (hard links), and a ledger may have only one: nothing was sent`,
    `To find the other names: find ${shellWords([dirname(real)])} -xdev -inum ${inode}. Snapshots such as rsync --link-dest and cp -al make them. Delete the other name, or give the ledger a file of its own: cp -p ${copy} && mv ${shellWords([`${real}.copy`, real])}`,
  );
}

/**
 * How long to wait for the lock, in milliseconds. If two runs start at the same moment, one gives up within this time; a short
 * read also ends within it.
 */
const LOCK_WITHIN_MS = 250;

/** Opens the file and takes SQLite's exclusive lock. */
function locked(path: string, real: string, sqlite: Sqlite): Database {
  const database = sqlite.open(real, { readOnly: false });
  try {
    database.exec(`PRAGMA busy_timeout = ${LOCK_WITHIN_MS}`);
    // Take the exclusive lock before the first read, and only then set the locking mode that keeps it: otherwise two runs could
    // each keep a shared lock while both wait for the exclusive one.
    database.exec('BEGIN EXCLUSIVE');
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('COMMIT');
    database.exec('PRAGMA busy_timeout = 0');
    return database;
  } catch (error) {
    database.close();
    if (error instanceof SqliteFailure && error.problem === 'busy')
      throw new LedgerHeld(path, holderOf(real));
    throw error;
  }
}

/** Checks the content of the file, and sets how SQLite writes it. */
function prepare(database: Database, path: string, onSlow: OnSlow): void {
  checkContents(database, path);
  for (const [name, value] of [
    ['journal_mode', 'truncate'],
    ['synchronous', 2],
  ] as const) {
    database.exec(`PRAGMA ${name} = ${value}`);
    const read = pragma(database, name);
    if (read !== value) throw new Error(`SQLite’s ${name} is ${String(read)}, not ${value}`);
  }
  database.exec('PRAGMA cache_size = -32768');
  const last = database.prepare('SELECT ended FROM run ORDER BY run DESC LIMIT 1').get();
  if (last === undefined || last.ended !== null) return;
  onSlow(`${path}: the last run did not end cleanly: checking the ledger`);
  checkIntegrity(database, path);
}
