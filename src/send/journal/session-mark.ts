import { hash } from 'node:crypto';
import { guidKey, isGuid } from '../../domain/guid.js';
import { EVENT_FIELDS } from '../../wire/event.js';
import { wireFields } from '../../wire/fields.js';
import type { WritableSession } from '../../write/writable.js';

/** Bytes of a mark: so few that millions fit in memory, so many that no two sessions of one input share one. */
export const MARK_BYTES = 12;

/** What tells a session from all others, SessionId and content, in 16 letters: the seven fields as they are sent, and the Source. */
export function sessionMark(session: WritableSession, source: string): string {
  let text = `${session.key}\n${source}`;
  for (const event of session.events) {
    const fields = wireFields(event);
    for (const field of EVENT_FIELDS) {
      const value = fields[field];
      text += `\n${isGuid(value) ? guidKey(value) : JSON.stringify(value)}`;
    }
  }
  return hash('sha256', text, 'buffer').toString('base64url', 0, MARK_BYTES);
}
