import { UserError } from '../../domain/errors.js';
import { damaged, openFailure } from './failures.js';
import { APPLICATION_ID, LEDGER_VERSION } from './schema.js';
import type { Database } from './sqlite.js';

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
        'Go on with the omny-consume that made it.',
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
