import type { ListeningEvent } from '../domain/event.js';
import { EVENT_FIELDS, type EventField, toWire } from './event.js';
import { isJsonObject } from './shape.js';

/** The seven documented fields of an event and no others: of a broken one those it has, as they stand. */
export function wireFields(event: {
  readonly sound: ListeningEvent | null;
  readonly written?: unknown;
}): Readonly<Partial<Record<EventField, unknown>>> {
  if (event.sound) return toWire(event.sound);
  const fields: Partial<Record<EventField, unknown>> = {};
  if (!isJsonObject(event.written)) return fields;
  for (const field of EVENT_FIELDS) {
    if (Object.hasOwn(event.written, field)) fields[field] = event.written[field];
  }
  return fields;
}

/** The ids of an event, as far as they are to be others. */
export interface OtherIds {
  readonly organizationId?: string | undefined;
  readonly clipId?: string | undefined;
  readonly sessionId?: string | undefined;
}

/** An event as JSON has it, with other ids where it has any. */
export function withIds(event: unknown, { organizationId, clipId, sessionId }: OtherIds): unknown {
  if (!isJsonObject(event)) return event;
  const changed: Record<string, unknown> = { ...event };
  const ids = { OrganizationId: organizationId, ClipId: clipId, SessionId: sessionId };
  for (const [field, id] of Object.entries(ids)) {
    if (id !== undefined && Object.hasOwn(changed, field)) changed[field] = id;
  }
  return changed;
}
