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
  /** Where the file itself is, symbolic links resolved. */
  readonly real: string;
  readonly identity: FileIdentity;
  /** It was not there before. */
  readonly isNew: boolean;
}

/** Called before something that can take long. */
export type OnSlow = (what: string) => void;

/**
 * Opens a ledger for one run alone, and creates it if needed. From then on nothing in this process can open the file:
 * closing any other descriptor would release the lock.
 * @throws LedgerHeld if another process has it; UserError if it has several names, is damaged, is not a ledger, or
 * cannot be opened
 */
export function openLocked(path: string, sqlite: Sqlite, onSlow: OnSlow = () => {}): LockedFile {
  try {
    const isNew = !made(path) && createLedger(targetOf(path), sqlite);
    const real = realpathSync(resolve(path));
    const before = soleIdentity(path, real);
    // SQLite would begin a database in it.
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
    `${path}: the ledger cannot be made: ${reason}: nothing was sent`,
    code === 'ENOENT'
      ? `Make the folder: mkdir -p ${shellWords([dirname(path)])}`
      : 'Name a file in another folder with --ledger FILE.',
  );
}

/** Whether there is a ledger. */
function made(path: string): boolean {
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

/** Where a ledger is to be made: a symbolic link to nothing yet leads there. */
function targetOf(path: string): string {
  const link = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink();
  return link ? resolve(dirname(path), readlinkSync(path)) : path;
}

const DRAFT = '.new-';

/**
 * Makes a ledger whole, and only then gives it its name: an empty file is never one.
 * @param fill Writes what it is to begin with.
 * @returns whether this process made it; false where the name is taken
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

/** A new file's name is on the disk only when its folder is. Not every system can say so. */
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
  // A run that sent nothing has just taken the new ledger away.
  if (identity === null) throw new LedgerHeld(path, null);
  if (identity.links > 1n) throw severalNames(path, real, identity);
  return identity;
}

/** Removes the draft's name, which a process that was killed while it made the ledger left. Whether there was one. */
function dropDrafts(real: string, { inode }: FileIdentity): boolean {
  const folder = dirname(real);
  const drafts = readdirSync(folder)
    .filter((name) => name.startsWith(basename(real) + DRAFT))
    .map((name) => join(folder, name))
    .filter((draft) => identityOf(draft)?.inode === inode);
  for (const draft of drafts) unlinkSync(draft);
  return drafts.length > 0;
}

/** A ledger with several names: through another name neither its rollback journal nor its siblings would be found. */
function severalNames(path: string, real: string, { links, inode }: FileIdentity): UserError {
  const copy = shellWords([real, `${real}.copy`]);
  return new UserError(
    'usage',
    `${path}: this file has ${links} names (hard links), and a ledger may have only one: nothing was sent`,
    `Another name is found by: find ${shellWords([dirname(real)])} -xdev -inum ${inode}. Snapshots such as rsync --link-dest and cp -al make them. Delete the other name, or give the ledger a file of its own: cp -p ${copy} && mv ${shellWords([`${real}.copy`, real])}`,
  );
}

/** Of two that ask at one moment, the one that is second has let go by then; so has a short reader. Milliseconds. */
const LOCK_WITHIN_MS = 500;

/** A connection that holds the lock. */
function locked(path: string, real: string, sqlite: Sqlite): Database {
  const database = sqlite.open(real, { readOnly: false });
  try {
    database.exec(`PRAGMA busy_timeout = ${LOCK_WITHIN_MS}`);
    // Before the first read. Only then is the lock to be kept: two that kept what they have while they wait would both wait in vain.
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

/** Checks what the file holds, and how SQLite will write it. */
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
