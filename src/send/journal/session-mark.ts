import { hash } from 'node:crypto';
import type { EncodedSession } from '../../write/encoded-session.js';

/** Bytes of a mark: so few that millions fit in memory, so many that no two sessions of one input share one. */
export const MARK_BYTES = 12;

/** So many letters of base64url hold them, with nothing left over. */
const MARK_LETTERS = (MARK_BYTES * 8) / 6;

/** What is hashed, one session after the other. */
const hashed = Buffer.allocUnsafeSlow(64 * 1024);

/** What tells a session from all others, in 16 letters: its events as they are sent, SessionId included, and the Source. */
export function sessionMark({ json }: Pick<EncodedSession, 'json'>, source: string): string {
  const needed = Buffer.byteLength(source) + 1 + json.length;
  const bytes = needed > hashed.length ? Buffer.allocUnsafeSlow(needed) : hashed;
  const at = bytes.write(`${source}\n`);
  bytes.set(json, at);
  return hash('sha256', bytes.subarray(0, needed), 'base64url').slice(0, MARK_LETTERS);
}
