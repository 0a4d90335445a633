import { guidKey } from '../../domain/guid.js';
import type { LoggedSession } from '../outcome.js';
import { type LedgerState, STATE_CODES, sessionKey, stateOf } from './schema.js';
import type { Database, Statement } from './sqlite.js';

/** What one ledger says about a session. */
export interface LedgerEntry {
  readonly state: LedgerState;
  readonly mark: Uint8Array;
  /** Milliseconds by which `--shift-to now` moved its times; null if it did not. */
  readonly shift: number | null;
}

/** `delivered`: delivered with this mark. `unknown`: in no ledger. `other`: known, but not delivered with this mark. */
export type Look = 'delivered' | 'unknown' | 'other';

/** Looks up sessions of one endpoint in one ledger. */
export class LedgerReader {
  readonly #find: Statement;
  readonly #look: Statement;
  readonly #findChanged: Statement;
  readonly #endpoint: number;

  /** @param endpoint Its key (`endpointKey`). */
  constructor(
    readonly path: string,
    database: Database,
    endpoint: string,
  ) {
    const row = database.prepare('SELECT endpoint FROM endpoint WHERE key = ?').get(endpoint);
    this.#endpoint = Number(row?.endpoint ?? -1);
    this.#find = database.prepare(
      'SELECT state, mark, shift FROM session WHERE endpoint = ? AND session = ?',
    );
    // Comparing the mark in SQL is faster than returning it.
    this.#look = database.prepare(
      'SELECT state, mark = ? AS same FROM session WHERE endpoint = ? AND session = ?',
    );
    this.#findChanged = database.prepare(
      'SELECT run FROM changed WHERE endpoint = ? AND session = ? AND mark = ?',
    );
  }

  /** Whether the ledger knows no session of the endpoint. */
  get empty(): boolean {
    return this.#endpoint < 0;
  }

  /** @param key The SessionId's bytes (`sessionKey`). */
  find(key: Uint8Array): LedgerEntry | null {
    if (this.empty) return null;
    const row = this.#find.get(this.#endpoint, key);
    if (row === undefined) return null;
    return {
      state: stateOf(row.state as number),
      mark: row.mark as Uint8Array,
      shift: row.shift as number | null,
    };
  }

  /** Whether the ledger does not know a session, or knows it as delivered with this mark. @param key The SessionId's bytes. */
  look(key: Uint8Array, mark: Uint8Array): Look {
    const row = this.empty ? undefined : this.#look.get(mark, this.#endpoint, key);
    if (row === undefined) return 'unknown';
    return row.state === STATE_CODES.delivered && row.same === 1 ? 'delivered' : 'other';
  }

  /** Whether an earlier run saw a delivered session with this other mark. */
  knowsChange(key: Uint8Array, mark: Uint8Array): boolean {
    return !this.empty && this.#findChanged.get(this.#endpoint, key, mark) !== undefined;
  }
}

/** Writes the rows of one run and one endpoint. The caller has started the transaction. */
export class RowWriter {
  readonly #database: Database;
  readonly #endpoint: number;
  readonly #run: number;
  readonly #inFlight: Statement;
  readonly #settle: Statement;
  readonly #addChanged: Statement;
  readonly #organizations = new Map<string, number>();

  /** @param endpoint Its key (`endpointKey`). @param run The number of the run. */
  constructor(database: Database, endpoint: string, run: number) {
    this.#database = database;
    this.#run = run;
    this.#endpoint = numberOf(database, 'endpoint', 'key', endpoint);
    this.#inFlight = database.prepare(
      `INSERT INTO session (endpoint, session, state, mark, organization, run, at, shift)
       VALUES (?, ?, ${STATE_CODES['in-flight']}, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET state = excluded.state, mark = excluded.mark, organization = excluded.organization,
         run = excluded.run, at = excluded.at, shift = coalesce(shift, excluded.shift)`,
    );
    this.#settle = database.prepare(
      'UPDATE session SET state = ?, run = ?, at = ?, answer = ? WHERE endpoint = ? AND session = ?',
    );
    this.#addChanged = database.prepare(
      'INSERT INTO changed (endpoint, session, mark, run) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
  }

  /** @param at Unix seconds. */
  inFlight(session: LoggedSession, organization: string, at: number): void {
    const whose = this.#organizationNumber(organization);
    const { key, mark, shift } = session;
    this.#inFlight.run(this.#endpoint, sessionKey(key), mark, whose, this.#run, at, shift);
  }

  settle(sessionId: string, state: LedgerState, at: number, answer: number | null): void {
    this.#settle.run(STATE_CODES[state], this.#run, at, answer, this.#endpoint, sessionKey(sessionId));
  }

  addChanged(sessionId: string, mark: Uint8Array): void {
    this.#addChanged.run(this.#endpoint, sessionKey(sessionId), mark, this.#run);
  }

  /** The number of an answer; equal answers are stored once. */
  answerNumber(status: number | null, saw: string, excerpt: string): number {
    this.#database
      .prepare('INSERT INTO answer (status, saw, excerpt) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
      .run(status, saw, excerpt);
    return Number(
      this.#database.prepare('SELECT answer FROM answer WHERE saw = ? AND excerpt = ?').get(saw, excerpt)
        ?.answer,
    );
  }

  /** Call it after a rollback: numbers that the transaction assigned no longer exist. */
  forget(): void {
    this.#organizations.clear();
  }

  #organizationNumber(id: string): number {
    const key = guidKey(id);
    const known = this.#organizations.get(key);
    if (known !== undefined) return known;
    const number = numberOf(this.#database, 'organization', 'id', key);
    this.#organizations.set(key, number);
    return number;
  }
}

/** The number of a text in a table that numbers texts; adds the text if it is new. */
export function numberOf(
  database: Database,
  table: 'endpoint' | 'organization',
  column: 'key' | 'id',
  text: string,
): number {
  database.prepare(`INSERT INTO ${table} (${column}) VALUES (?) ON CONFLICT DO NOTHING`).run(text);
  return Number(database.prepare(`SELECT ${table} FROM ${table} WHERE ${column} = ?`).get(text)?.[table]);
}
