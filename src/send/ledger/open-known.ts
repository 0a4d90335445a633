import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { checkContents, emptyFile, openFailure } from './failures.js';
import { holderOf, LedgerHeld } from './ledger-file.js';
import { type Database, type Sqlite, SqliteFailure } from './sqlite.js';

/** Another ledger, open to be read. No run can begin on it until it is closed, unless it is a copy. */
export interface KnownFile {
  readonly path: string;
  readonly database: Database;
  readonly close: () => void;
}

/**
 * Opens another ledger to read it. It is not written to: where its folder is read-only, or its last run was killed in mid-commit, a copy
 * with its rollback journal is read.
 * @throws LedgerHeld where a run has it; UserError where it is not there, damaged or none
 */
export function openKnown(path: string, sqlite: Sqlite): KnownFile {
  if (!existsSync(path)) throw new UserError('usage', `${path}: no such ledger`);
  const status = statSync(path);
  if (!status.isFile()) throw new UserError('usage', `${path}: is no regular file, and no ledger`);
  if (status.size === 0) throw emptyFile(path);
  const real = realpathSync(resolve(path));
  try {
    if (isWritable(dirname(real))) return inPlace(path, real, sqlite);
  } catch (error) {
    if (error instanceof SqliteFailure && error.problem === 'busy')
      throw new LedgerHeld(path, holderOf(real));
    const hot = error instanceof SqliteFailure && ['read-only', 'cannot-open'].includes(error.problem);
    if (!hot) throw openFailure(path, error);
  }
  return copied(path, real, sqlite);
}

function inPlace(path: string, real: string, sqlite: Sqlite): KnownFile {
  const database = sqlite.open(real, { readOnly: true });
  try {
    // The lock is shared until it is closed.
    database.exec('BEGIN');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    checkContents(database, path);
    return { path, database, close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

function copied(path: string, real: string, sqlite: Sqlite): KnownFile {
  const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
  const drop = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'ledger');
    const journal = `${real}-journal`;
    copyFileSync(real, copy);
    if (existsSync(journal)) copyFileSync(journal, `${copy}-journal`);
    const database = sqlite.open(copy, { readOnly: false });
    try {
      checkContents(database, path);
    } catch (error) {
      database.close();
      throw error;
    }
    return {
      path,
      database,
      close() {
        database.close();
        drop();
      },
    };
  } catch (error) {
    drop();
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && !(error instanceof SqliteFailure))
      throw new UserError('output', `${path}: cannot be copied to ${tmpdir()} to be read: ${message}`);
    throw openFailure(path, error);
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
