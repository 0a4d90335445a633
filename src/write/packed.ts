import { isGuid } from '../domain/guid.js';
import { soundEventJson } from '../wire/event-json.js';
import { wireFields } from '../wire/fields.js';
import { jsonText } from './json-text.js';
import type { WritableEvent, WritableSession } from './writable.js';

/** A session's events as a request body holds them, made once. */
export interface PackedEvents {
  /** The first well-formed OrganizationId of its events; else what the first event has for one, or nothing. */
  readonly organizationId: string;
  readonly count: number;
  /** The events as JSON with commas between, in UTF-8. */
  readonly json: Buffer;
}

/** A session of which what is sent is all there is. */
export interface PackedSession {
  /** Its SessionId in lower case. */
  readonly key: string;
  readonly source: string | undefined;
  readonly packed: PackedEvents;
}

/** A session that can stand in a request body. */
export type BatchSession = WritableSession | PackedSession;

/** A session's events as a request body holds them. */
export function packedEvents(session: BatchSession): PackedEvents {
  if ('packed' in session) return session.packed;
  const { events } = session;
  return {
    organizationId: organizationOf(session),
    count: events.length,
    json: Buffer.from(events.map(eventJson).join(',')),
  };
}

function eventJson(event: WritableEvent): string {
  return event.sound ? soundEventJson(event.sound) : jsonText(wireFields(event));
}

function organizationOf({ events }: WritableSession): string {
  for (const event of events) {
    const id = event.sound ? event.sound.organizationId : writtenOrganization(event);
    if (isGuid(id)) return id;
  }
  const first = events[0] && writtenOrganization(events[0]);
  return typeof first === 'string' ? first : '';
}

function writtenOrganization(event: WritableEvent): unknown {
  return wireFields(event).OrganizationId ?? null;
}
