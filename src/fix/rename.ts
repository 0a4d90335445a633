import type { RuleId } from '../domain/finding.js';
import type { JsonObject } from '../wire/shape.js';
import type { Respelled } from './define.js';

/**
 * Renames the properties that differ only in letter case from a documented name that is absent. Where two could be meant, none is.
 * @returns Null where there is nothing to rename.
 */
export function rename(
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
