import type { ReportedFinding, Severity } from '../../domain/finding.js';
import { guidKey } from '../../domain/guid.js';
import { NewestMap } from '../../domain/newest-map.js';
import type { Session } from '../../domain/session.js';
import type { InspectedSession } from '../../validate/inspected.js';
import {
  MAX_LISTED_FINDINGS,
  MAX_LISTED_INTERVALS,
  type MockInterval,
  type MockSession,
} from '../page-data.js';

const MAX_LISTED_REQUESTS = 20;

/** The first findings, and the total of all. */
interface FindingSample {
  /** At most `MAX_LISTED_FINDINGS`. */
  readonly first: readonly ReportedFinding[];
  readonly total: number;
  readonly state: MockSession['state'];
}

/** What a row shows in addition to the session. */
interface RowContext {
  /** Unix seconds. */
  readonly receivedAt: number;
  /** The request that held it. */
  readonly request: number;
  /** The findings of the session, and those of the request as a whole. */
  readonly own: FindingSample;
  readonly shared: FindingSample;
  /** Seconds by ClipId in lower case. */
  readonly clipDurations: ReadonlyMap<string, number>;
}

/** The values that the mock keeps of a session. They stay valid when the next session is inspected. */
export type ArrivedSession = Pick<
  MockSession,
  | 'key'
  | 'sessionId'
  | 'clipId'
  | 'organizationId'
  | 'source'
  | 'firstTimestamp'
  | 'lastTimestamp'
  | 'played'
  | 'events'
  | 'intervals'
  | 'standing'
>;

export function arrivedSession({ session, occurrence, playedMs }: InspectedSession): ArrivedSession {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < session.count; i += 1) {
    if (!session.isValid(i)) continue;
    first = Math.min(first, session.timestamps[i]!);
    last = Math.max(last, session.timestamps[i]!);
  }
  return {
    key: session.key,
    sessionId: session.firstId('session') ?? session.key,
    clipId: session.firstId('clip'),
    organizationId: session.firstId('organization'),
    source: session.source ?? null,
    firstTimestamp: Number.isFinite(first) ? first : null,
    lastTimestamp: Number.isFinite(last) ? last : null,
    played: playedMs === null ? null : playedMs / 1000,
    events: session.count,
    intervals: playedMs === null ? [] : intervalsOf(session),
    standing: occurrence,
  };
}

/** The newest sessions by SessionId, one row each. */
export class SessionRows {
  readonly #rows: NewestMap<string, MockSession>;

  /** @param maxWeight The most that all rows together may weigh: an interval weighs 1, a finding 5. */
  constructor(maxCount: number, maxWeight: number) {
    const weigh = ({ intervals, findings }: MockSession) => intervals.length + 5 * findings.length;
    this.#rows = new NewestMap({ maxCount, maxWeight, weigh });
  }

  /** Adds a session that arrived, or updates its row if it arrived before. Returns the row. */
  put(session: ArrivedSession, context: RowContext): MockSession {
    const before = this.#rows.get(session.key);
    const row = before ? rowAgain(before, session, context) : firstRow(session, context);
    this.#rows.set(session.key, row);
    return row;
  }

  /** All rows, in the order in which the sessions first arrived. */
  all(): MockSession[] {
    return [...this.#rows.values()];
  }
}

/** The row of a session that arrives for the first time. */
function firstRow({ intervals, ...arrived }: ArrivedSession, context: RowContext): MockSession {
  const { lastTimestamp, clipId } = arrived;
  return {
    ...arrived,
    receivedAt: context.receivedAt,
    lateSeconds:
      lastTimestamp === null ? null : Math.round((context.receivedAt - lastTimestamp) * 1000) / 1000,
    intervals: intervals.slice(0, MAX_LISTED_INTERVALS),
    intervalsOmitted: Math.max(0, intervals.length - MAX_LISTED_INTERVALS),
    duration: context.clipDurations.get(guidKey(clipId ?? '')) ?? null,
    ...verdict(context.own, context.shared),
    requests: [context.request],
  };
}

/** The row of a session that arrived again: it keeps the intervals of the first time. */
function rowAgain(row: MockSession, { standing }: ArrivedSession, context: RowContext): MockSession {
  const before = { first: row.findings, total: row.findings.length + row.findingsOmitted, state: row.state };
  return {
    ...row,
    ...verdict(before, context.own, context.shared),
    standing: row.standing === 'split' ? 'split' : standing === 'first' ? row.standing : standing,
    requests: [...row.requests, context.request].slice(-MAX_LISTED_REQUESTS),
  };
}

function intervalsOf({ timestamps, listening }: Session): MockInterval[] {
  const { intervalCount, intervalStops, kept, positionsMs } = listening;
  return Array.from({ length: intervalCount }, (_, n) => {
    const stop = intervalStops[n]!;
    return [
      positionsMs[stop - 1]! / 1000,
      positionsMs[stop]! / 1000,
      timestamps[kept[stop - 1]!]!,
      timestamps[kept[stop]!]!,
    ] as const;
  });
}

function verdict(
  ...samples: readonly FindingSample[]
): Pick<MockSession, 'state' | 'findings' | 'findingsOmitted'> {
  const findings = samples.flatMap(({ first }) => first).slice(0, MAX_LISTED_FINDINGS);
  const total = samples.reduce((sum, sample) => sum + sample.total, 0);
  const state = STATES.findLast((worst) => samples.some((sample) => sample.state === worst)) ?? 'ok';
  return { state, findings, findingsOmitted: total - findings.length };
}

const STATES: readonly MockSession['state'][] = ['ok', 'warning', 'error'];

/** The first few findings, their number and the worst severity. */
export function sampleOf(findings: readonly ReportedFinding[]): FindingSample {
  const has = (severity: Severity) => findings.some((finding) => finding.severity === severity);
  return {
    first: findings.slice(0, MAX_LISTED_FINDINGS),
    total: findings.length,
    state: has('error') ? 'error' : has('warning') ? 'warning' : 'ok',
  };
}
