import { hash } from 'node:crypto';
import { type BatchSession, packedEvents } from '../../write/packed.js';

/** Bytes of a mark: so few that millions fit in memory, so many that no two sessions of one input share one. */
export const MARK_BYTES = 12;

/** What tells a session from all others, in 16 letters: its events as they are sent, SessionId included, and the Source. */
export function sessionMark(session: BatchSession, source: string): string {
  const { json } = packedEvents(session);
  const bytes = Buffer.concat([Buffer.from(`${source}\n`), json]);
  return hash('sha256', bytes, 'buffer').toString('base64url', 0, MARK_BYTES);
}
