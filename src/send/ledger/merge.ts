import { UserError } from '../../domain/errors.js';
import { strongerState } from './known-sessions.js';
import { createLedger } from './open-file.js';
import { openKnown } from './open-ledgers.js';
import { numberOf } from './rows.js';
import { STATE_CODES, stateOf } from './schema.js';
import type { Database, Row, Sqlite, SqlValue, Statement } from './sqlite.js';

/**
 * Merges ledgers into a new one.
 * @returns how many sessions were read; a session in several ledgers counts once per ledger
 * @throws UserError if a run uses one of them, if one is damaged or not a ledger, or if the new file already exists
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
  return new UserError('usage', `${path}: already exists, and was not changed`, 'Name a new file with -o.');
}

/** Runs a query and returns its rows one after the other. */
export type RowsOf = (sql: string, ...values: SqlValue[]) => Iterable<Row>;

/** How many rows are committed at once. */
const ROWS_PER_TRANSACTION = 20_000;

const MAPPED = ['endpoint', 'organization', 'answer', 'run', 'settlement'] as const;
type Mapped = (typeof MAPPED)[number];

/** Copies the rows of several ledgers into one. If a session is in several, its strongest state wins (`strongerState`). */
export class RowCopier {
  readonly #to: Database;
  readonly #insert: Statement;
  readonly #find: Statement;
  readonly #answer: Statement;
  readonly #numbers: Record<Mapped, Map<number, number>> = emptyNumbers();
  #rows = 0;
  #sessions = 0;

  constructor(to: Database) {
    this.#to = to;
    this.#find = to.prepare('SELECT state, at FROM session WHERE endpoint = ? AND session = ?');
    this.#answer = to.prepare(
      'INSERT INTO answer (status, saw, excerpt) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET saw = saw RETURNING answer',
    );
    this.#insert = to.prepare(
      `INSERT OR REPLACE INTO session (endpoint, session, state, mark, organization, run, at, answer, shift)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  /** How many sessions were read so far; a session in several ledgers counts once per ledger. */
  get sessions(): number {
    return this.#sessions;
  }

  /** Starts to copy a ledger: copies everything except its sessions. Starts a transaction, which `commit` ends. */
  copyFrom(rows: RowsOf): void {
    Object.assign(this.#numbers, emptyNumbers());
    this.#to.exec('BEGIN');
    for (const { endpoint, key } of rows('SELECT endpoint, key FROM endpoint'))
      this.#numbers.endpoint.set(Number(endpoint), numberOf(this.#to, 'endpoint', 'key', String(key)));
    for (const { organization, id } of rows('SELECT organization, id FROM organization'))
      this.#numbers.organization.set(
        Number(organization),
        numberOf(this.#to, 'organization', 'id', String(id)),
      );
    for (const { answer, status, saw, excerpt } of rows('SELECT * FROM answer'))
      this.#numbers.answer.set(
        Number(answer),
        Number(this.#answer.get(status ?? null, saw ?? '', excerpt ?? '')?.answer),
      );
    this.#copyNumbered('run', rows);
    this.#copyNumbered('settlement', rows);
    for (const { endpoint, session, mark, run } of rows('SELECT * FROM changed'))
      this.#to
        .prepare('INSERT OR IGNORE INTO changed (endpoint, session, mark, run) VALUES (?, ?, ?, ?)')
        .run(this.#number('endpoint', endpoint), session!, mark!, this.#number('run', run));
    for (const { endpoint, session, settlement } of rows('SELECT * FROM settled'))
      this.#to
        .prepare('INSERT OR IGNORE INTO settled (endpoint, session, settlement) VALUES (?, ?, ?)')
        .run(this.#number('endpoint', endpoint), session!, this.#number('settlement', settlement));
  }

  /** The numbers of the endpoints in the ledger that is being copied. */
  get endpoints(): readonly number[] {
    return [...this.#numbers.endpoint.keys()];
  }

  session(row: Row): void {
    this.#sessions += 1;
    const endpoint = this.#number('endpoint', row.endpoint);
    const session = row.session!;
    const before = this.#find.get(endpoint, session);
    if (before && !counts(row, before)) return;
    this.#insert.run(
      endpoint,
      session,
      // A ledger is copied only while no run uses it, so no request is in flight any more.
      row.state === STATE_CODES['in-flight'] ? STATE_CODES.ambiguous : row.state!,
      row.mark!,
      this.#number('organization', row.organization),
      this.#number('run', row.run),
      row.at!,
      row.answer == null ? null : (this.#numbers.answer.get(Number(row.answer)) ?? null),
      row.shift ?? null,
    );
    this.#rows += 1;
    if (this.#rows % ROWS_PER_TRANSACTION === 0) this.#to.exec('COMMIT; BEGIN');
  }

  /** Finishes the copy of one ledger. */
  commit(): void {
    this.#to.exec('COMMIT');
  }

  #number(kind: Mapped, value: SqlValue | undefined): number {
    return this.#numbers[kind].get(Number(value)) ?? 0;
  }

  /** Copies the rows of a numbered table, and gives them numbers after the highest one in use. */
  #copyNumbered(table: 'run' | 'settlement', rows: RowsOf): void {
    const last = Number(this.#to.prepare(`SELECT coalesce(max(${table}), 0) AS n FROM ${table}`).get()?.n);
    for (const row of rows(`SELECT * FROM ${table} ORDER BY ${table}`)) {
      const { [table]: number, ...rest } = row;
      const names = Object.keys(rest);
      this.#numbers[table].set(Number(number), last + Number(number));
      this.#to
        .prepare(
          `INSERT INTO ${table} (${[table, ...names].join(', ')}) VALUES (?${', ?'.repeat(names.length)})`,
        )
        .run(last + Number(number), ...Object.values(rest));
    }
  }
}

/**
 * Whether a row replaces an earlier row of the same session. If both have the same state, the earliest delivery counts; for
 * other states, the latest row counts.
 */
function counts(row: Row, before: Row): boolean {
  const [now, then] = [stateOf(Number(row.state)), stateOf(Number(before.state))];
  if (now !== then) return strongerState(then, now) === now;
  return now === 'delivered' ? Number(row.at) < Number(before.at) : Number(row.at) > Number(before.at);
}

function emptyNumbers(): Record<Mapped, Map<number, number>> {
  return Object.fromEntries(MAPPED.map((kind) => [kind, new Map()])) as Record<Mapped, Map<number, number>>;
}
