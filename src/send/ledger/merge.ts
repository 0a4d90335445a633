import { UserError } from '../../domain/errors.js';
import { createLedger } from './open-file.js';
import { openKnown } from './open-known.js';
import { RowCopier } from './row-copier.js';
import type { Sqlite } from './sqlite.js';

/**
 * Joins ledgers into a new one.
 * @returns how many sessions were read, those in several ledgers counted for each
 * @throws UserError where one is held, damaged or none, or the new one is there already
 */
export function mergeLedgers(paths: readonly string[], into: string, sqlite: Sqlite): number {
  let sessions = 0;
  const made = createLedger(into, sqlite, (database) => {
    const copier = new RowCopier(database);
    for (const path of paths) {
      const from = openKnown(path, sqlite);
      try {
        copier.copyFrom((sql, ...values) => from.database.prepare(sql).iterate(...values));
        for (const row of from.database.prepare('SELECT * FROM session').iterate()) copier.session(row);
        copier.commit();
      } finally {
        from.close();
      }
    }
    sessions = copier.sessions;
  });
  if (!made) throw alreadyThere(into);
  return sessions;
}

export function alreadyThere(path: string): UserError {
  return new UserError(
    'usage',
    `${path}: is there already, and is left as it is`,
    'Name a new file with -o.',
  );
}
