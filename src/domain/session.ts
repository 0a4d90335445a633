import type { ListeningEvent } from './event.js';
import type { Place } from './place.js';

/** An event as a session holds it: sound, or broken and kept as it was written. */
export interface SessionEvent {
  readonly place: Place;
  /** The ids where they are well formed, as written; else null. */
  readonly organizationId: string | null;
  readonly clipId: string | null;
  readonly sessionId: string | null;
  /** The SeqNumber where it is a number. */
  readonly seqNumber: number | null;
  /** The Source that a bare event or a row carried, or that of its request. */
  readonly source: string | undefined;
  /** The event's values; null where it meets the condition of an event-level rule of default severity error. */
  readonly sound: ListeningEvent | null;
  /** The JSON value as read, where `sound` does not say it all: a broken event, or one with further properties. */
  readonly written: unknown;
  /** The JSON value before it was mended on the way; absent where it was not. */
  readonly was?: unknown;
}

/** An event that meets no condition of an event-level rule of default severity error. */
export interface SoundEvent extends SessionEvent {
  readonly sound: ListeningEvent;
}

/** A session all of whose events are sound. */
export interface SoundSession extends Session {
  readonly events: readonly SoundEvent[];
}

/** One listening session: bare events of one SessionId, or what one request holds of it (API-9). */
export interface Session {
  /** The SessionId in lower case: GUIDs compare without regard to case. */
  readonly key: string;
  /** Sorted by SeqNumber, in input order where equal. */
  readonly events: readonly SessionEvent[];
  /** The request that holds it, from 0; null for bare events. */
  readonly request: number | null;
  /** Source of its first event that has one. */
  readonly source: string | undefined;
  /** Seconds, where a row told it. */
  readonly clipDuration: number | undefined;
}

/** Whether every event of the session is sound. */
export function isSound(session: Session): session is SoundSession {
  return session.events.every((event) => event.sound !== null);
}
