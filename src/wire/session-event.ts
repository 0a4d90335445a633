import type { Session } from '../domain/session.js';
import { EVENT_FIELDS, type EventField, type WireEvent } from './event.js';
import { isJsonObject } from './json.js';

/** Event `i` of a session as the JSON value that was read; of one that columns say whole, its seven fields. */
export function eventValue(session: Session, i: number): unknown {
  if (!session.isRaw(i)) return wireEvent(session, i);
  const { value } = session.raw(i);
  return session.isValid(i) && !hasMore(value, session) ? wireEvent(session, i) : value;
}

/** Whether a valid event has properties that the document does not define; the Source of a bare event is ours. */
function hasMore(value: unknown, { request }: Session): boolean {
  if (!isJsonObject(value)) return false;
  return Object.keys(value).some(
    (name) => !(EVENT_FIELDS as readonly string[]).includes(name) && !(request === null && name === 'Source'),
  );
}

/** The seven documented fields of event `i` and no others: of an event that is not well formed those it has, as they stand. */
export function documentedFields(
  session: Session,
  i: number,
): Readonly<Partial<Record<EventField, unknown>>> {
  if (!session.isRaw(i) || session.isValid(i)) return wireEvent(session, i);
  const { value } = session.raw(i);
  const fields: Partial<Record<EventField, unknown>> = {};
  if (!isJsonObject(value)) return fields;
  for (const field of EVENT_FIELDS) if (Object.hasOwn(value, field)) fields[field] = value[field];
  return fields;
}

/** The seven fields of a well-formed event of a session. */
export function wireEvent(session: Session, i: number): WireEvent {
  return {
    OrganizationId: session.idOf(i, 'organization') ?? '',
    ClipId: session.idOf(i, 'clip') ?? '',
    SessionId: session.idOf(i, 'session') ?? '',
    Type: session.isStop(i) ? 'Stop' : 'Start',
    Position: session.positions[i]!,
    SeqNumber: session.seqNumbers[i]!,
    Timestamp: session.timestamps[i]!,
  };
}
