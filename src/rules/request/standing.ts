import type { Problem, RequestRule, RequestSession } from '../define.js';

/** The check of a rule about sessions that already stood in an earlier request. */
export function standingCheck(
  fires: (part: RequestSession) => boolean,
  problem: (sessionId: string) => Problem,
): NonNullable<RequestRule['checkSession']> {
  return (part, report) => {
    const at = part.session.events[0];
    if (at && fires(part)) report({ at, ...problem(at.sessionId ?? part.session.key) });
  };
}
