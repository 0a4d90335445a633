import { type LedgerState, STATE_CODES, sessionIdOf, sessionKey, stateOf } from './schema.js';
import type { Database, Row, SqlValue } from './sqlite.js';

/** The states that users see. A session that is in flight while no run uses the ledger is ambiguous. */
export const SURVEY_STATES = ['delivered', 'ambiguous', 'refused', 'not-sent'] as const;
export type SurveyState = (typeof SURVEY_STATES)[number];

export interface GroupCounts extends Readonly<Record<SurveyState, number>> {
  readonly endpoint: string;
  readonly organization: string;
}

export interface RunRow {
  readonly run: number;
  /** Unix seconds. */
  readonly began: number;
  /** Null if the run was killed. */
  readonly ended: number | null;
  readonly exitCode: number | null;
  readonly why: string | null;
  readonly command: string;
  readonly host: string;
}

export interface SessionRow {
  readonly endpoint: string;
  readonly organization: string;
  readonly sessionId: string;
  readonly state: SurveyState;
  readonly run: number;
  /** Unix seconds. */
  readonly at: number;
  readonly status: number | null;
  /** What the run saw; empty if no answer was recorded. */
  readonly saw: string;
  readonly answer: string;
}

/** Sessions by endpoint, organization and state. Reads the whole ledger. */
export function groupsOf(database: Database): GroupCounts[] {
  const groups = new Map<string, { -readonly [K in keyof GroupCounts]: GroupCounts[K] }>();
  const rows = database.prepare(
    `SELECT e.key AS endpoint, o.id AS organization, s.state AS state, s.sessions AS sessions
     FROM (SELECT endpoint, organization, state, count(*) AS sessions FROM session GROUP BY 1, 2, 3) AS s
     JOIN endpoint AS e USING (endpoint) JOIN organization AS o USING (organization) ORDER BY 1, 2`,
  );
  for (const { endpoint, organization, state, sessions } of rows.iterate()) {
    const key = `${String(endpoint)}\n${String(organization)}`;
    const group = groups.get(key) ?? {
      endpoint: String(endpoint),
      organization: String(organization),
      delivered: 0,
      ambiguous: 0,
      refused: 0,
      'not-sent': 0,
    };
    group[shown(stateOf(Number(state)))] += Number(sessions);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/**
 * Exit codes after which the same command has nothing left to do: each session that could be sent has an answer, or its
 * organization accepts no more. With 1, some rows could not be read, and the same command could not read them either.
 */
const FINISHED: readonly (number | null)[] = [0, 1, 4, 5];

/** Whether a run did all that it could: the next run begins from the start. A run that was killed did not. */
export function isFinished({ exitCode }: Pick<RunRow, 'exitCode'>): boolean {
  return FINISHED.includes(exitCode);
}

/** The latest runs, newest first. */
export function runsOf(database: Database, most: number): RunRow[] {
  const rows = database.prepare('SELECT * FROM run ORDER BY run DESC LIMIT ?').iterate(most);
  return Array.from(rows, ({ run, began, ended, exit_code, why, command, host }) => ({
    run: Number(run),
    began: Number(began),
    ended: ended as number | null,
    exitCode: exit_code as number | null,
    why: why as string | null,
    command: String(command),
    host: String(host),
  }));
}

/** How often delivered sessions were seen again with changed events; a session counts once per change. */
export function changedCount(database: Database): number {
  return Number(database.prepare('SELECT count(*) AS n FROM changed').get()?.n);
}

/** Which sessions to list. An absent property does not limit them. */
export interface SessionFilter {
  readonly state?: SurveyState | undefined;
  /** The number of the run that changed the state last. */
  readonly run?: number | undefined;
  readonly sessions?: readonly string[] | undefined;
}

/** The sessions that match a filter, by endpoint and SessionId. */
export function* sessionsOf(database: Database, filter: SessionFilter): Generator<SessionRow> {
  const { where, values } = conditionOf(filter);
  const rows = database.prepare(
    `SELECT e.key AS endpoint, o.id AS organization, s.session AS session, s.state AS state, s.run AS run, s.at AS at,
       a.status AS status, a.saw AS saw, a.excerpt AS excerpt
     FROM session AS s JOIN endpoint AS e USING (endpoint) JOIN organization AS o USING (organization)
     LEFT JOIN answer AS a USING (answer) WHERE ${where} ORDER BY s.endpoint, s.session`,
  );
  for (const row of rows.iterate(...values)) yield sessionRow(row);
}

/** A filter as SQL over the table `session`, called `s`. */
function conditionOf({ state, run, sessions }: SessionFilter): {
  readonly where: string;
  readonly values: readonly SqlValue[];
} {
  const conditions = ['true'];
  const values: SqlValue[] = [];
  if (state !== undefined) conditions.push(`s.state IN (${CODES[state].join(', ')})`);
  if (run !== undefined) {
    conditions.push('s.run = ?');
    values.push(run);
  }
  if (sessions !== undefined) {
    conditions.push('s.session IN (SELECT unhex(value) FROM json_each(?))');
    values.push(JSON.stringify(sessions.map((id) => sessionKey(id).toString('hex'))));
  }
  return { where: conditions.join(' AND '), values };
}

const CODES: Readonly<Record<SurveyState, readonly number[]>> = {
  delivered: [STATE_CODES.delivered],
  ambiguous: [STATE_CODES.ambiguous, STATE_CODES['in-flight']],
  refused: [STATE_CODES.refused],
  'not-sent': [STATE_CODES.unsent],
};

function shown(state: LedgerState): SurveyState {
  if (state === 'in-flight') return 'ambiguous';
  return state === 'unsent' ? 'not-sent' : state;
}

function sessionRow({
  endpoint,
  organization,
  session,
  state,
  run,
  at,
  status,
  saw,
  excerpt,
}: Row): SessionRow {
  return {
    endpoint: String(endpoint),
    organization: String(organization),
    sessionId: sessionIdOf(session as Uint8Array),
    state: shown(stateOf(Number(state))),
    run: Number(run),
    at: Number(at),
    status: status as number | null,
    saw: String(saw ?? ''),
    answer: String(excerpt ?? ''),
  };
}

/** What a person can report about ambiguous sessions after a look at the portal. */
export const VERDICTS = ['delivered', 'not-sent'] as const;
export type SettleVerdict = (typeof VERDICTS)[number];

export interface Settlement {
  readonly verdict: SettleVerdict;
  /** User and host. */
  readonly who: string;
  /** Unix seconds. */
  readonly at: number;
}

/** How many ambiguous sessions match a filter. */
export function ambiguousCount(database: Database, filter: Omit<SessionFilter, 'state'>): number {
  const { where, values } = conditionOf({ ...filter, state: 'ambiguous' });
  return Number(database.prepare(`SELECT count(*) AS n FROM session AS s WHERE ${where}`).get(...values)?.n);
}

/** Sets the final state of ambiguous sessions, and records who did so and when, in one transaction. */
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
