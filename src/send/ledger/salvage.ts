import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { holderOf, LedgerHeld } from './ledger-file.js';
import { alreadyThere, RowCopier, type RowsOf } from './merge.js';
import { createLedger } from './open-file.js';
import { KEY_BYTES, STATE_CODES } from './schema.js';
import { type Database, type Row, type Sqlite, SqliteFailure } from './sqlite.js';

export interface Salvaged {
  /** Sessions that could be read. */
  readonly sessions: number;
  /** Whether some part could not be read. */
  readonly damaged: boolean;
}

/**
 * Copies everything readable from a damaged ledger into a new one. Does not change the damaged ledger. If its last run did not
 * end, the sessions of that run are ambiguous in the new ledger, unless they were delivered or refused.
 * @throws UserError if a run uses it, nothing can be read, or the new file already exists
 */
export function salvageLedger(path: string, into: string, sqlite: Sqlite): Salvaged {
  const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
  try {
    refuseHeld(path, sqlite);
    const from = openCopy(path, join(folder, 'ledger'), sqlite);
    try {
      return salvaged(path, from, into, sqlite);
    } finally {
      from.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function refuseHeld(path: string, sqlite: Sqlite): void {
  if (!existsSync(path)) throw new UserError('input', `${path}: no such file`);
  let database: Database | null = null;
  try {
    database = sqlite.open(path, { readOnly: true });
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (error) {
    if (error instanceof SqliteFailure && error.problem === 'busy')
      throw new LedgerHeld(path, holderOf(path));
  } finally {
    database?.close();
  }
}

/** Opens a copy that is extended to the size in its header: SQLite does not read a file that is too short. */
function openCopy(path: string, copy: string, sqlite: Sqlite): Database {
  copyFileSync(path, copy);
  if (existsSync(`${path}-journal`)) copyFileSync(`${path}-journal`, `${copy}-journal`);
  const bytes = lengthOf(copy);
  if (bytes > statSync(copy).size) truncateSync(copy, bytes);
  return sqlite.open(copy, { readOnly: false });
}

/** The length in bytes by SQLite's header: the number of pages times their size. 0 if there is no such header. */
function lengthOf(path: string): number {
  const header = Buffer.alloc(100);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  if (!header.toString('latin1').startsWith('SQLite format 3\0')) return 0;
  const pageSize = header.readUInt16BE(16);
  return (pageSize === 1 ? 65_536 : pageSize) * header.readUInt32BE(28);
}

function salvaged(path: string, from: Database, into: string, sqlite: Sqlite): Salvaged {
  const reading = new Reading(from);
  let sessions = 0;
  const made = createLedger(into, sqlite, (database) => {
    const copier = new RowCopier(database);
    copier.copyFrom(reading.rows);
    const [last] = reading.rows('SELECT run, ended FROM run ORDER BY run DESC LIMIT 1');
    const open = last?.ended === null ? last.run : null;
    for (const endpoint of copier.endpoints) {
      for (const row of reading.sessions(endpoint)) copier.session(row.run === open ? asAmbiguous(row) : row);
    }
    copier.commit();
    sessions = copier.sessions;
    if (sessions === 0 && reading.damaged)
      throw new UserError(
        'input',
        `${path}: no session in it can be read`,
        'Restore it from a copy. Without a copy, check in Omny Studio what was delivered before you send with a new ledger.',
      );
  });
  if (!made) throw alreadyThere(into);
  return { sessions, damaged: reading.damaged };
}

function asAmbiguous(row: Row): Row {
  return row.state === STATE_CODES.unsent ? { ...row, state: STATE_CODES.ambiguous } : row;
}

const MAY_BE_NULL = new Set(['ended', 'exit_code', 'why', 'shift', 'status', 'answer']);

/** Whether a row has all its required values: SQLite can return rows of nulls for a lost page. */
function isWhole(row: Row): boolean {
  return Object.entries(row).every(([name, value]) => value !== null || MAY_BE_NULL.has(name));
}

/** Reads what can be read. */
class Reading {
  damaged = false;

  constructor(private readonly database: Database) {}

  readonly rows: RowsOf = (sql, ...values) => this.#rows(sql, values);

  *#rows(sql: string, values: Parameters<RowsOf>[1][]): Generator<Row> {
    try {
      for (const row of this.database.prepare(sql).iterate(...values)) {
        if (isWhole(row)) yield row;
        else this.damaged = true;
      }
    } catch (error) {
      if (!(error instanceof SqliteFailure)) throw error;
      this.damaged = true;
    }
  }

  /**
   * The sessions of an endpoint. Each range of SessionIds is read from both ends if it is damaged, so only sessions near the
   * damage are lost.
   */
  *sessions(endpoint: number): Generator<Row> {
    for (let first = 0; first < 256; first += 1) {
      const from = Buffer.alloc(KEY_BYTES);
      from[0] = first;
      const to = Buffer.alloc(KEY_BYTES, 0xff);
      to[0] = first;
      const range = 'SELECT * FROM session WHERE endpoint = ? AND session BETWEEN ? AND ? ORDER BY session';
      const before = this.damaged;
      this.damaged = false;
      yield* this.#rows(range, [endpoint, from, to]);
      if (this.damaged) yield* this.#rows(`${range} DESC`, [endpoint, from, to]);
      this.damaged ||= before;
    }
  }
}
