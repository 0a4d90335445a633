import { guidKey } from '../../domain/guid.js';
import type { LoggedSession } from './delivery-log.js';
import { type LedgerState, STATE_CODES } from './schema.js';
import { sessionKey } from './session-key.js';
import type { Database, Statement } from './sqlite.js';

/** Writes the rows of one run and one endpoint. The caller has begun the transaction. */
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

  /** The number of an answer, which is kept once. */
  answerNumber(status: number | null, saw: string, excerpt: string): number {
    this.#database
      .prepare('INSERT INTO answer (status, saw, excerpt) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
      .run(status, saw, excerpt);
    return Number(
      this.#database.prepare('SELECT answer FROM answer WHERE saw = ? AND excerpt = ?').get(saw, excerpt)
        ?.answer,
    );
  }

  /** To be called where the transaction was rolled back: what it numbered is not there. */
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

/** The number of a text in a table that gives each one, the next where it is not there yet. */
export function numberOf(
  database: Database,
  table: 'endpoint' | 'organization',
  column: 'key' | 'id',
  text: string,
): number {
  database.prepare(`INSERT INTO ${table} (${column}) VALUES (?) ON CONFLICT DO NOTHING`).run(text);
  return Number(database.prepare(`SELECT ${table} FROM ${table} WHERE ${column} = ?`).get(text)?.[table]);
}
