import { ABSENT_FLAG, ID_WORDS, type IdName } from '../domain/event-batch.js';
import { readGuid } from '../domain/guid.js';
import type { Session } from '../domain/session.js';
import type { Problem, RequestRule, RuleSettings, SessionPart } from './define.js';
import { pointerTo, shown } from './words.js';

/** The check of a rule about sessions that already stood in an earlier request. */
export function occurrenceCheck(
  fires: (part: SessionPart) => boolean,
  problem: (sessionId: string) => Problem,
): NonNullable<RequestRule['checkSession']> {
  return (part, report) => {
    if (fires(part)) report(0, () => problem(part.session.idOf(0, 'session') ?? part.session.key));
  };
}

/** An id that changes within a session: at which event, and both ids as written. */
export interface IdChange {
  readonly at: number;
  readonly first: () => string;
  readonly other: () => string;
}

/** The first event, in order of SeqNumber, whose id is another than that of the first event that has one. */
export function firstChange(session: Session, name: IdName): IdChange | undefined {
  if (!session.mixed) return undefined;
  let first = -1;
  for (let at = 0; at < session.count; at += 1) {
    if ((session.flags[at]! & ABSENT_FLAG[name]) !== 0) continue;
    if (first < 0) first = at;
    if (session.hasSameId(first, at, name)) continue;
    const of = first;
    return { at, first: () => session.idOf(of, name)!, other: () => session.idOf(at, name)! };
  }
  return undefined;
}

/** The checks of a rule about the Source: a body's, or the first that fires of those a bare session carries. */
export function sourceChecks(
  fires: (source: string) => boolean,
  expected: string,
): Required<Pick<RequestRule, 'check' | 'checkSession' | 'ofBareSessions'>> {
  return {
    ofBareSessions: true,
    check({ body }, report) {
      const source = body?.Source;
      if (typeof source === 'string' && fires(source)) {
        report({ pointer: pointerTo('Source'), expected, received: shown(source) });
      }
    },
    checkSession({ session }, report, request) {
      if (request) return;
      // Where the events do not differ, the first says it of all.
      const last = session.mixed ? session.count : 1;
      for (let at = 0; at < last; at += 1) {
        const source = session.sourceOf(at);
        if (source === undefined || !fires(source)) continue;
        report(at, () => ({ expected, received: shown(source) }));
        return;
      }
    },
  };
}

/** Milliseconds of clock between a session's Starts and Stops, where that was not derived from the audio. */
export function observedClockMs(session: Session): number {
  const { intervalCount, intervalStops, kept, clockMs } = session.listening;
  let sumMs = 0;
  for (let n = 0; n < intervalCount; n += 1)
    if (!session.hasDerivedClock(kept[intervalStops[n]!]!)) sumMs += Math.max(0, clockMs[n]!);
  return sumMs;
}

/** Seconds that a session's clip lasts, by `--clips` or its row; NaN where that is not known. */
export function clipDurationOf(session: Session, { clipDurations }: RuleSettings): number {
  if (clipDurations.size === 0) return session.clipDuration ?? Number.NaN;
  return clipDurations.get(readGuid(session.ids, ID_WORDS.clip)) ?? session.clipDuration ?? Number.NaN;
}
