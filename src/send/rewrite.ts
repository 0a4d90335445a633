import { hash } from 'node:crypto';
import type { ListeningEvent } from '../domain/event.js';
import { guidKey, isSimulatedId } from '../domain/guid.js';
import type { WritableSession } from '../write/writable.js';

/** What is changed in sessions that were found sound, before they are sent. */
export interface Rewriting {
  readonly newSessionIds: boolean;
  readonly setOrganization: string | undefined;
  readonly setClip: string | undefined;
}

/** The namespace of new SessionIds; never to be changed, or the same input would give other ids. */
const NAMESPACE = Buffer.from('6d1f0c3b9a5e4f27b8c2e07d54a1936e', 'hex');

/** Changes a session; gives it back as it is where there is nothing to change. */
export function rewritten<S extends WritableSession>(session: S, how: Rewriting): S {
  const { newSessionIds, setOrganization, setClip } = how;
  if (!newSessionIds && setOrganization === undefined && setClip === undefined) return session;
  const key = newSessionIds ? newSessionId(session.key) : session.key;
  const changed = (sound: ListeningEvent): ListeningEvent => ({
    ...sound,
    organizationId: setOrganization ?? sound.organizationId,
    clipId: setClip ?? sound.clipId,
    sessionId: newSessionIds ? key : sound.sessionId,
  });
  const events = session.events.map((event) =>
    event.sound ? { ...event, sound: changed(event.sound) } : event,
  );
  return { ...session, key, events };
}

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
