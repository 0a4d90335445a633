import type BetterSqlite from 'better-sqlite3';
import { UserError } from '../../domain/errors.js';

/** A value that SQLite stores and returns. Whole numbers stay below 2 ** 53. */
export type SqlValue = number | string | Uint8Array | null;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Statement {
  /** The first row; undefined without one. */
  get(...values: SqlValue[]): Row | undefined;
  run(...values: SqlValue[]): void;
  /** Reads the rows one by one: until the last one, nothing else may run on the connection. */
  iterate(...values: SqlValue[]): Iterable<Row>;
}

/** A connection to one file. Every call throws `SqliteFailure` where SQLite fails. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

export interface OpenMode {
  readonly readOnly: boolean;
}

/** One of the two libraries, with their differences hidden. */
export interface Sqlite {
  readonly library: Library;
  /**
   * Opens a file, and creates it if it does not exist. Does not wait for a lock. @param path Absolute: SQLite reads other names
   * as URIs.
   */
  open(path: string, mode: OpenMode): Database;
}

export const LIBRARIES = ['node:sqlite', 'better-sqlite3'] as const;
export type Library = (typeof LIBRARIES)[number];

/** Why SQLite failed, as far as this program distinguishes reasons. */
export type SqliteProblem = 'busy' | 'damaged' | 'read-only' | 'disk' | 'cannot-open' | 'other';

export class SqliteFailure extends Error {
  override readonly name = 'SqliteFailure';

  constructor(
    readonly problem: SqliteProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Node's own SQLite where it has one (22.13 and later), else `better-sqlite3`.
 * @param library Try only this one.
 * @throws UserError of kind `usage` if neither is available
 */
export async function loadSqlite(library?: Library): Promise<Sqlite> {
  const own = library === 'better-sqlite3' ? null : ownSqlite();
  const other = own === null && library !== 'node:sqlite' ? await betterSqlite() : null;
  const found = own ?? other;
  if (found) return found;
  throw new UserError(
    'usage',
    `a delivery ledger needs SQLite, and Node ${process.versions.node} comes without it`,
    'Use Node 22.13 or later, or: npm install better-sqlite3@12',
  );
}

/** The part of `node:sqlite` that is used: the types of Node 20 do not include the module. */
interface OwnModule {
  readonly DatabaseSync: new (
    path: string,
    options: { readonly readOnly: boolean; readonly timeout: number },
  ) => Database;
}

function ownSqlite(): Sqlite | null {
  const own = quietly(() => process.getBuiltinModule?.('node:sqlite') as unknown as OwnModule | undefined);
  if (!own) return null;
  const { DatabaseSync } = own;
  return {
    library: 'node:sqlite',
    open: (path, { readOnly }) =>
      connection(() => {
        const database = new DatabaseSync(path, { readOnly, timeout: 0 });
        database.exec('PRAGMA busy_timeout = 0');
        return database;
      }),
  };
}

/** Runs `load` without Node 22's warning that its SQLite is experimental. */
function quietly<T>(load: () => T): T {
  const warn = Reflect.get(process, 'emitWarning') as (this: NodeJS.Process, ...about: unknown[]) => void;
  process.emitWarning = ((warning: string | Error, ...more: unknown[]) => {
    if (!String(warning).includes('SQLite is an experimental feature')) warn.call(process, warning, ...more);
  }) as typeof process.emitWarning;
  try {
    return load();
  } finally {
    process.emitWarning = warn;
  }
}

async function betterSqlite(): Promise<Sqlite | null> {
  let Better: typeof BetterSqlite;
  try {
    Better = (await import('better-sqlite3')).default;
    // Opening a database loads the native binary: this finds out whether it exists.
    new Better(':memory:').close();
  } catch {
    return null;
  }
  return {
    library: 'better-sqlite3',
    open: (path, { readOnly }) =>
      connection(() => new Better(path, { readonly: readOnly, timeout: 0 }) as unknown as Database),
  };
}

function connection(open: () => Database): Database {
  const database = guarded(open);
  return {
    exec: (sql) => guarded(() => database.exec(sql)),
    prepare(sql) {
      const statement = guarded(() => database.prepare(sql));
      return {
        get: (...values) => guarded(() => statement.get(...values)),
        run: (...values) => guarded(() => statement.run(...values)),
        *iterate(...values) {
          const rows = guarded(() => statement.iterate(...values)[Symbol.iterator]());
          try {
            for (;;) {
              const { done, value } = guarded(() => rows.next());
              if (done) return;
              yield value;
            }
          } finally {
            rows.return?.();
          }
        },
      };
    },
    close: () => guarded(() => database.close()),
  };
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw failure(error);
  }
}

/** What the low byte of SQLite's result code means for this program. */
const PROBLEMS: Readonly<Record<number, SqliteProblem>> = {
  5: 'busy',
  6: 'busy',
  8: 'read-only',
  10: 'disk',
  11: 'damaged',
  13: 'disk',
  14: 'cannot-open',
  26: 'damaged',
};
const CODES: Readonly<Record<string, number>> = {
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
};

function failure(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { errcode, code = '' } = error as { errcode?: number; code?: string };
  if (code !== 'ERR_SQLITE_ERROR' && !code.startsWith('SQLITE_')) return error;
  const number = errcode ?? CODES[code.split('_')[1] ?? ''] ?? 1;
  return new SqliteFailure(PROBLEMS[number & 0xff] ?? 'other', error.message, { cause: error });
}
