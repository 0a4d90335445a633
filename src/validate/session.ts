import { type Listening, listen } from '../domain/listening.js';
import type { Place } from '../domain/place.js';
import { isSound, type Session, type SessionEvent, type SoundEvent } from '../domain/session.js';
import type { RequestSession, RequestUnderCheck, SessionProblem } from '../rules/define.js';
import { REQUEST_RULES, SESSION_RULES } from '../rules/index.js';
import { Found } from './found.js';
import type { InspectedSession } from './inspected.js';

/**
 * Applies the session rules, where this is the first the input holds of the session, and those request rules that look at sessions.
 * @param placeOf The full place of an event of this session.
 * @param request The request that holds it; null for a session of bare events.
 */
export function inspectPart(
  part: RequestSession,
  found: Found,
  placeOf: (event: SessionEvent) => Place,
  request: RequestUnderCheck | null,
): InspectedSession {
  const { session, standing } = part;
  // A part that already stood draws no session-level finding, but its conditions still keep other rules from it.
  const ofSession = standing === 'first' ? found : new Found(found.options);
  const listening = inspectSession(session, ofSession, placeOf);
  for (const rule of REQUEST_RULES) {
    if (rule.unless?.some((other) => ofSession.fired.has(other))) continue;
    rule.checkSession?.(
      part,
      (problem) => found.add(rule.id, problem, placeOf(problem.at), problem.at),
      request,
    );
  }
  found.options.causes?.look(part, found.fired, listening);
  return {
    kind: 'session',
    session,
    standing,
    invalid: found.invalid,
    unsound: found.unsound,
    playedSeconds: standing === 'first' && listening ? listening.playedMs / 1000 : null,
  };
}

/**
 * Applies the session rules. Gives what was heard, or null where that is not known: an event is broken, or a SeqNumber stands twice.
 */
function inspectSession(
  session: Session,
  found: Found,
  placeOf: (event: SessionEvent) => Place,
): Listening<SoundEvent> | null {
  let listening: Listening<SoundEvent> | null = null;
  for (const rule of SESSION_RULES) {
    if (rule.unless?.some((other) => found.fired.has(other))) continue;
    const report = (problem: SessionProblem): void =>
      found.add(rule.id, problem, placeOf(problem.at), problem.at);
    if (rule.needs === 'ids') rule.check(session, report);
    else if (!isSound(session)) break;
    else if (rule.needs === 'sound') rule.check(session, report);
    else if (found.fired.has('seq-duplicate')) break;
    else {
      listening ??= listen(session.events);
      rule.check({ session, listening }, report, found.options);
    }
  }
  return listening;
}
