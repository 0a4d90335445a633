import type { Problem, RequestRule, Standing } from '../define.js';

/** The check of a rule about sessions that already stood in an earlier request. */
export function standingCheck(
  fires: Standing,
  problem: (sessionId: string) => Problem,
): NonNullable<RequestRule['checkSession']> {
  return ({ session, standing }, report) => {
    const at = session.events[0];
    if (standing === fires && at) report({ at, ...problem(at.sessionId ?? session.key) });
  };
}
