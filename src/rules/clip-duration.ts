import { ID_WORDS } from '../domain/event-batch.js';
import { readGuid } from '../domain/guid.js';
import type { Session } from '../domain/session.js';
import type { RuleSettings } from './define.js';

/** Seconds that a session's clip lasts, by `--clips` or its row; NaN where that is not known. */
export function clipDurationOf(session: Session, { clipDurations }: RuleSettings): number {
  if (clipDurations.size === 0) return session.clipDuration ?? Number.NaN;
  return clipDurations.get(readGuid(session.ids, ID_WORDS.clip)) ?? session.clipDuration ?? Number.NaN;
}
