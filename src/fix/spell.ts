import type { InputRecord } from '../domain/record.js';
import { isJsonObject, type JsonObject } from '../wire/shape.js';
import type { Change, Respelled } from './define.js';
import { missingField } from './missing-field.js';
import { spellBody } from './request-shape.js';
import { typeUnknown } from './type-unknown.js';

const SPELLINGS = [missingField, typeUnknown] as const;

/** An event with its names and its Type in the documented letter case; null where they are. */
export function spellEvent(
  value: unknown,
): { readonly event: JsonObject; readonly changes: readonly Respelled[] } | null {
  if (!isJsonObject(value)) return null;
  let event = value;
  const changes: Respelled[] = [];
  for (const each of SPELLINGS) {
    const spelled = each.spell(event);
    if (!spelled) continue;
    event = spelled.event;
    changes.push(...spelled.changes);
  }
  return changes.length === 0 ? null : { event, changes };
}

/**
 * Writes names and Types of what was read in the documented letter case, so that events find their session. An event keeps what it was.
 * @param onChange Told of what is changed in request bodies themselves.
 */
export function spellRecord(record: InputRecord, onChange: (change: Change) => void): InputRecord {
  if (record.kind === 'event') {
    const spelled = spellEvent(record.value);
    return spelled ? { ...record, value: spelled.event, was: record.value } : record;
  }
  if (record.kind !== 'request' || !isJsonObject(record.value)) return record;
  const spelled = spellBody(record.value);
  const body = spelled?.body ?? record.value;
  for (const change of spelled?.changes ?? []) onChange({ ...change, place: record.place, sessionId: null });
  const were = new Map<number, unknown>();
  const events: unknown = Array.isArray(body.Events)
    ? body.Events.map((value: unknown, i) => {
        const event = spellEvent(value);
        if (event) were.set(i, value);
        return event?.event ?? value;
      })
    : body.Events;
  if (were.size > 0) return { ...record, value: { ...body, Events: events }, were };
  return spelled ? { ...record, value: body } : record;
}
