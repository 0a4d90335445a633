import type { Problem, RequestRule, SessionPart } from '../define.js';

/** The check of a rule about sessions that already stood in an earlier request. */
export function occurrenceCheck(
  fires: (part: SessionPart) => boolean,
  problem: (sessionId: string) => Problem,
): NonNullable<RequestRule['checkSession']> {
  return (part, report) => {
    if (fires(part)) report(0, () => problem(part.session.idOf(0, 'session') ?? part.session.key));
  };
}
