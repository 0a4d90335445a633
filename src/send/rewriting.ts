import { hash } from 'node:crypto';
import { guidKey, isSimulatedId } from '../domain/guid.js';
import { withIds } from '../wire/event.js';
import { jsonText } from '../wire/json.js';
import type { EncodedSession } from '../write/encoded-session.js';

/** What is changed in sessions that may be sent, before they are. */
export interface Rewriting {
  readonly newSessionIds: boolean;
  readonly setOrganization: string | undefined;
  readonly setClip: string | undefined;
}

export const NO_REWRITING: Rewriting = {
  newSessionIds: false,
  setOrganization: undefined,
  setClip: undefined,
};

/** The SessionId that a session is sent with. */
export function sentId({ key }: EncodedSession, { newSessionIds }: Rewriting): string {
  return newSessionIds ? newSessionId(key) : key;
}

/**
 * What is sent of a session that is changed; gives it back as it is where there is nothing to change.
 * @param moveMs Milliseconds that its times are moved by besides.
 */
export function rewritten(session: EncodedSession, how: Rewriting, moveMs = 0): EncodedSession {
  const { newSessionIds, setOrganization, setClip } = how;
  if (!newSessionIds && setOrganization === undefined && setClip === undefined && moveMs === 0)
    return session;
  const { source, organizationId, count, json, playedSeconds, endedAt } = session;
  const key = sentId(session, how);
  const ids = {
    organizationId: setOrganization,
    clipId: setClip,
    sessionId: newSessionIds ? key : undefined,
  };
  const events = JSON.parse(`[${json.toString()}]`) as unknown[];
  return {
    key,
    source,
    organizationId: setOrganization ?? organizationId,
    count,
    json: Buffer.from(events.map((event) => jsonText(moved(withIds(event, ids), moveMs))).join(',')),
    playedSeconds,
    endedAt,
  };
}

function moved(event: unknown, byMs: number): unknown {
  const { Timestamp } = event as { readonly Timestamp?: unknown };
  if (byMs === 0 || typeof Timestamp !== 'number') return event;
  return { ...(event as object), Timestamp: (Math.round(Timestamp * 1000) + byMs) / 1000 };
}

/** The namespace of new SessionIds; never to be changed, or the same input would give other ids. */
const NAMESPACE = Buffer.from('6d1f0c3b9a5e4f27b8c2e07d54a1936e', 'hex');

/** Another SessionId, the same for the same one: a version 5 UUID, or of a simulated session one that is marked so for ever. */
export function newSessionId(id: string): string {
  const bytes = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(guidKey(id))]), 'buffer');
  const simulated = isSimulatedId(id);
  if (simulated) bytes.writeUInt16BE(0x5eed, 0);
  bytes[6] = (bytes[6]! & 0x0f) | (simulated ? 0x80 : 0x50);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
