import { ABSENT_FLAG, type IdName } from '../../domain/event-batch.js';
import type { Session } from '../../domain/session.js';

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
