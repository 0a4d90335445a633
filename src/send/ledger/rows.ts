import { type LedgerState, stateOf } from './schema.js';
import { sessionKey } from './session-key.js';
import type { Database, Statement } from './sqlite.js';

/** What one ledger says of a session. */
export interface LedgerEntry {
  readonly state: LedgerState;
  readonly mark: Uint8Array;
  /** Milliseconds that `--shift-to now` moved its times by; null where it did not. */
  readonly shift: number | null;
}

/** Looks sessions of one endpoint up in one ledger. */
export class LedgerReader {
  readonly #find: Statement;
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
    this.#findChanged = database.prepare(
      'SELECT run FROM changed WHERE endpoint = ? AND session = ? AND mark = ?',
    );
  }

  /** Whether it knows no session of the endpoint. */
  get empty(): boolean {
    return this.#endpoint < 0;
  }

  /** Fastest in order of SessionId. */
  find(sessionId: string): LedgerEntry | null {
    if (this.empty) return null;
    const row = this.#find.get(this.#endpoint, sessionKey(sessionId));
    if (row === undefined) return null;
    return {
      state: stateOf(row.state as number),
      mark: row.mark as Uint8Array,
      shift: row.shift as number | null,
    };
  }

  /** Whether an earlier run saw a delivered session with this other mark. */
  knowsChange(sessionId: string, mark: Uint8Array): boolean {
    return !this.empty && this.#findChanged.get(this.#endpoint, sessionKey(sessionId), mark) !== undefined;
  }
}
