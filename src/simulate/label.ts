import type { ListeningEvent } from '../domain/event.js';
import { RULE_IDS, type RuleId } from '../domain/finding.js';
import { listen } from '../domain/listening.js';
import { brokenBy } from './faults/inject.js';
import type { SimulatedEvent } from './player.js';
import type { SimulatedSession } from './session.js';

/** What a checker must say of a session: a line of `--labels`. */
export interface Label {
  /** Null where a fault left nothing of the session in its request. */
  readonly SessionId: string | null;
  readonly profile: SimulatedSession['profile'];
  /** The rules in the order of the catalogue, each as often as it fires: infos too. Empty for a sound session. */
  readonly findings: readonly RuleId[];
}

/** Milliseconds of audio under which a session is filtered (API-7). */
const FILTERED = 10_000;
/** Rules after which `session-too-short` is not asked. */
const UNKNOWN_LENGTH: readonly RuleId[] = [
  'stop-without-start',
  'start-without-stop',
  'session-open',
  'position-reversed',
  'position-unit',
];

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
  const sound = events.filter(isSound);
  if (sound.length < events.length || fault === 'seq-duplicate') return [];
  const { repeated, intervals, playedMs } = listen(sound);
  const slow = intervals.filter(({ audioMs, clockMs }) => clockMs > 2 * Math.max(0, audioMs) + 60_000);
  const short = playedMs < FILTERED && !(fault && UNKNOWN_LENGTH.includes(fault));
  return [
    ...repeated.map(() => 'repeated-event' as const),
    ...slow.map(() => 'playback-too-slow' as const),
    ...(short ? (['session-too-short'] as const) : []),
  ];
}

function isSound(event: SimulatedEvent): event is SimulatedEvent & { readonly sound: ListeningEvent } {
  return event.sound !== null;
}
