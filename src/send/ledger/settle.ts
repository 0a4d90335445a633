import { STATE_CODES } from './schema.js';
import type { Database } from './sqlite.js';
import { conditionOf, type SessionFilter } from './survey.js';

/** What somebody saw in the portal of sessions that may have been counted. */
export const VERDICTS = ['delivered', 'not-sent'] as const;
export type SettleVerdict = (typeof VERDICTS)[number];

export interface Settlement {
  readonly verdict: SettleVerdict;
  /** User and host. */
  readonly who: string;
  /** Unix seconds. */
  readonly at: number;
}

/** How many ambiguous sessions a filter lets through. */
export function ambiguousCount(database: Database, filter: Omit<SessionFilter, 'state'>): number {
  const { where, values } = conditionOf({ ...filter, state: 'ambiguous' });
  return Number(database.prepare(`SELECT count(*) AS n FROM session AS s WHERE ${where}`).get(...values)?.n);
}

/** Settles ambiguous sessions for good, and keeps who did so when. One transaction. */
export function settleSessions(
  database: Database,
  filter: Omit<SessionFilter, 'state'>,
  { verdict, who, at }: Settlement,
): void {
  const { where, values } = conditionOf({ ...filter, state: 'ambiguous' });
  database.exec('BEGIN IMMEDIATE');
  try {
    database.prepare('INSERT INTO settlement (at, who, verdict) VALUES (?, ?, ?)').run(at, who, verdict);
    database
      .prepare(
        `INSERT INTO settled (endpoint, session, settlement)
         SELECT s.endpoint, s.session, (SELECT max(settlement) FROM settlement) FROM session AS s WHERE ${where}`,
      )
      .run(...values);
    const state = STATE_CODES[verdict === 'delivered' ? 'delivered' : 'unsent'];
    database.prepare(`UPDATE session AS s SET state = ${state}, at = ? WHERE ${where}`).run(at, ...values);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
