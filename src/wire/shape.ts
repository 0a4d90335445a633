import type { core } from 'zod/mini';
import { EVENT_FIELDS, type EventField, eventSchema, FIELD_DOCUMENTED, ID_FIELDS } from './event.js';

/** How a field can miss its definition. */
export type ShapeFaultKind = 'missing' | 'type' | 'guid' | 'empty' | 'choice' | 'range';

/** One field of an event that does not meet the definition. */
export interface ShapeFault {
  readonly kind: ShapeFaultKind;
  readonly field: EventField;
  readonly value: unknown;
}

/** A JSON object, whatever its properties. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object: no array, no null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON type of a value, with null and array told apart from object. */
export function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

/** What the event's definition says of a JSON object: the faults in the order of the fields, at most one a field. */
export function shapeFaults(event: JsonObject): readonly ShapeFault[] {
  const parsed = eventSchema().safeParse(event);
  if (parsed.success) return [];
  const first = new Map<string, core.$ZodIssue>();
  for (const issue of parsed.error.issues) {
    const field = String(issue.path[0]);
    if (!first.has(field)) first.set(field, issue);
  }
  return EVENT_FIELDS.flatMap((field) => {
    const issue = first.get(field);
    return issue ? [{ kind: kindOf(issue, event, field), field, value: event[field] }] : [];
  });
}

const ID_NAMES: ReadonlySet<EventField> = new Set(ID_FIELDS);

function kindOf(issue: core.$ZodIssue, event: JsonObject, field: EventField): ShapeFaultKind {
  if (!Object.hasOwn(event, field)) return 'missing';
  if (typeof event[field] !== FIELD_DOCUMENTED[field].type) return 'type';
  if (issue.code === 'invalid_format') return 'guid';
  if (issue.code === 'invalid_value') return 'choice';
  return ID_NAMES.has(field) ? 'empty' : 'range';
}
