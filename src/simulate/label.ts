import { RULE_IDS, type RuleId } from '../domain/finding.js';
import { toMs } from '../domain/listening.js';
import { DEFAULT_MIN_DURATION, LENGTH_UNKNOWN_AFTER, longestClockMs } from '../domain/thresholds.js';
import { brokenBy } from './faults/inject.js';
import type { SimulatedEvent } from './listener.js';
import { SessionMaker, type SimulatedSession } from './session.js';

/** What a checker must say of a session: a line of `--labels`. */
export interface Label {
  /** Null where a fault left nothing of the session in its request. */
  readonly SessionId: string | null;
  readonly profile: SimulatedSession['profile'];
  /** The rules in the order of the catalogue, each as often as it fires: infos too. Empty for a sound session. */
  readonly findings: readonly RuleId[];
}

const maker = new SessionMaker();

/**
 * What to expect of a session, where the rules have their default settings and `position-beyond-clip` knows the clips' durations: of two
 * sessions where a fault needed a sound one beside it.
 */
export function labelsOf(session: SimulatedSession): Label[] {
  const { key, profile, fault } = session;
  if (!fault) return [{ SessionId: key, profile, findings: infos(session.events, null) }];
  const own = ({ rule }: { rule: RuleId }): boolean => INFOS.has(rule);
  const noted = fault.sessionless ? [] : infos(fault.judged, fault.rule);
  const broken = own(fault) ? [] : brokenBy(fault);
  const findings = [...broken, ...noted].sort((a, b) => RULE_IDS.indexOf(a) - RULE_IDS.indexOf(b));
  const label = { SessionId: fault.sessionless ? null : key, profile, findings };
  if (!fault.companion) return [label];
  const { sessionId, profile: beside, events } = fault.companion;
  return [{ SessionId: sessionId, profile: beside, findings: infos(events, null) }, label];
}

/** Infos that are judged by the events, whoever made them so. */
const INFOS: ReadonlySet<RuleId> = new Set<RuleId>([
  'repeated-event',
  'playback-too-slow',
  'session-too-short',
]);

/** The infos that a session's events draw; none where an event is broken or their order is not known. */
function infos(events: readonly SimulatedEvent[], fault: RuleId | null): RuleId[] {
  if (fault === 'seq-duplicate') return [];
  const { listening } = maker.sessionOf(events);
  if (!listening.known) return [];
  const { repeated, intervalCount, audioMs, clockMs, playedMs } = listening;
  const found: RuleId[] = repeated.map(() => 'repeated-event');
  for (let n = 0; n < intervalCount; n += 1) {
    if (clockMs[n]! > longestClockMs(audioMs[n]!)) found.push('playback-too-slow');
  }
  const known = fault === null || !LENGTH_UNKNOWN_AFTER.some((rule) => rule === fault);
  if (known && playedMs < toMs(DEFAULT_MIN_DURATION)) found.push('session-too-short');
  return found;
}
