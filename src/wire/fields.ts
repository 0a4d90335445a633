import { isJsonObject } from './shape.js';

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
