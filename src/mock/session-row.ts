import type { Severity } from '../domain/finding.js';
import { guidKey } from '../domain/guid.js';
import { listen } from '../domain/listening.js';
import { isSound, type Session } from '../domain/session.js';
import type { InspectedSession } from '../validate/inspected.js';
import type { ReportedFinding } from '../validate/reported-finding.js';
import { MOST_FINDINGS, MOST_INTERVALS, type MockInterval, type MockSession } from './page-data.js';

const MOST_REQUESTS = 20;

/** Findings of which only the first are at hand. */
export interface FindingSample {
  /** At most `MOST_FINDINGS`. */
  readonly first: readonly ReportedFinding[];
  readonly total: number;
  readonly state: MockSession['state'];
}

/** What a session is told with besides its events. */
export interface RowContext {
  /** Unix seconds. */
  readonly receivedAt: number;
  /** The request that held it. */
  readonly request: number;
  /** Its own findings, and those of the request as a whole. */
  readonly own: FindingSample;
  readonly shared: FindingSample;
  /** Seconds by ClipId in lower case. */
  readonly clipDurations: ReadonlyMap<string, number>;
}

/** A session as the mock tells it, when it first arrives. */
export function rowOf(
  { session, standing, playedSeconds }: InspectedSession,
  context: RowContext,
): MockSession {
  const { key, events, source } = session;
  const times = events.flatMap(({ sound }) => (sound ? [sound.timestamp] : []));
  const lastTimestamp = times.length === 0 ? null : times.reduce((a, b) => Math.max(a, b));
  const clipId = events.find((event) => event.clipId !== null)?.clipId ?? null;
  const intervals = playedSeconds === null ? [] : intervalsOf(session);
  return {
    key,
    sessionId: events.find(({ sessionId }) => sessionId !== null)?.sessionId ?? key,
    clipId,
    organizationId: events.find(({ organizationId }) => organizationId !== null)?.organizationId ?? null,
    source: source ?? null,
    firstTimestamp: times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b)),
    lastTimestamp,
    receivedAt: context.receivedAt,
    lateSeconds:
      lastTimestamp === null ? null : Math.round((context.receivedAt - lastTimestamp) * 1000) / 1000,
    played: playedSeconds,
    events: events.length,
    intervals: intervals.slice(0, MOST_INTERVALS),
    intervalsOmitted: Math.max(0, intervals.length - MOST_INTERVALS),
    duration: context.clipDurations.get(guidKey(clipId ?? '')) ?? null,
    ...verdict(context.own, context.shared),
    standing,
    requests: [context.request],
  };
}

/** A session that came again: what was heard stays that of the first time. */
export function rowAgain(row: MockSession, { standing }: InspectedSession, context: RowContext): MockSession {
  const before = { first: row.findings, total: row.findings.length + row.findingsOmitted, state: row.state };
  return {
    ...row,
    ...verdict(before, context.own, context.shared),
    standing: row.standing === 'split' ? 'split' : standing === 'first' ? row.standing : standing,
    requests: [...row.requests, context.request].slice(-MOST_REQUESTS),
  };
}

function intervalsOf(session: Session): MockInterval[] {
  if (!isSound(session)) return [];
  return listen(session.events).intervals.map(({ start, stop }) => [
    start.positionMs / 1000,
    stop.positionMs / 1000,
    start.event.sound.timestamp,
    stop.event.sound.timestamp,
  ]);
}

function verdict(
  ...samples: readonly FindingSample[]
): Pick<MockSession, 'state' | 'findings' | 'findingsOmitted'> {
  const findings = samples.flatMap(({ first }) => first).slice(0, MOST_FINDINGS);
  const total = samples.reduce((sum, sample) => sum + sample.total, 0);
  const state = STATES.findLast((worst) => samples.some((sample) => sample.state === worst)) ?? 'ok';
  return { state, findings, findingsOmitted: total - findings.length };
}

const STATES: readonly MockSession['state'][] = ['ok', 'warning', 'error'];

/** What is told of findings, however many there are. */
export function sampleOf(findings: readonly ReportedFinding[]): FindingSample {
  const has = (severity: Severity) => findings.some((finding) => finding.severity === severity);
  return {
    first: findings.slice(0, MOST_FINDINGS),
    total: findings.length,
    state: has('error') ? 'error' : has('warning') ? 'warning' : 'ok',
  };
}
