import type { RuleId } from '../domain/finding.js';
import { BODY_PROPERTIES } from '../wire/body.js';
import { EVENT_FIELDS, EVENT_TYPES } from '../wire/event.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';

/** A word that is written as it is documented now. */
export interface Respelled {
  readonly rule: RuleId;
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** An event with its names and its Type in the documented letter case; null where they are. */
export function spellEvent(
  value: unknown,
): { readonly event: JsonObject; readonly changes: readonly Respelled[] } | null {
  if (!isJsonObject(value)) return null;
  const renamed = rename(value, EVENT_FIELDS, 'missing-field', 'field renamed');
  const event = renamed?.object ?? value;
  const type = documentedType(event.Type);
  if (type === null) return renamed && { event, changes: renamed.changes };
  const respelled = {
    rule: 'type-unknown',
    what: 'Type respelled',
    before: String(event.Type),
    after: type,
  } as const;
  return { event: { ...event, Type: type }, changes: [...(renamed?.changes ?? []), respelled] };
}

/** A request body with its property names in the documented letter case; null where they are. */
export function spellBody(
  body: JsonObject,
): { readonly body: JsonObject; readonly changes: readonly Respelled[] } | null {
  const renamed = rename(body, BODY_PROPERTIES, 'request-shape', 'property renamed');
  return renamed && { body: renamed.object, changes: renamed.changes };
}

/** The documented Type that a text is but for letter case; null where it is that very one, or none. */
function documentedType(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const type = EVENT_TYPES.find((known) => known.toLowerCase() === text.toLowerCase());
  return type === undefined || type === text ? null : type;
}

/**
 * Renames the properties that differ only in letter case from a documented name that is absent. Where two could be meant, none is.
 * @returns Null where there is nothing to rename.
 */
function rename(
  object: JsonObject,
  documented: readonly string[],
  rule: RuleId,
  what: string,
): { readonly object: JsonObject; readonly changes: readonly Respelled[] } | null {
  const absent = documented.filter((name) => !Object.hasOwn(object, name));
  if (absent.length === 0) return null;
  const keys = Object.keys(object);
  const names = new Map<string, string>();
  for (const name of absent) {
    const [near, ...others] = keys.filter((key) => key.toLowerCase() === name.toLowerCase());
    if (near !== undefined && others.length === 0) names.set(near, name);
  }
  if (names.size === 0) return null;
  return {
    object: Object.fromEntries(Object.entries(object).map(([key, value]) => [names.get(key) ?? key, value])),
    changes: [...names].map(([before, after]) => ({ rule, what, before, after })),
  };
}
