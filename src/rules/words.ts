import { comparableName, escaped, pluralize } from '../domain/text.js';
import type { JsonObject } from '../wire/json.js';

const MAX_SHOWN_LENGTH = 60;

/** A JSON value for a message: shortened, with control characters escaped. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.length > 0) return `an array of ${pluralize(value.length, 'element')}`;
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) return 'an object';
  const text = escaped(JSON.stringify(value));
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH - 1)}…` : text;
}

/** Milliseconds as seconds: `12.5 s`. */
export function secs(ms: number): string {
  return `${ms / 1000} s`;
}

/** `a, b and c`. */
export function list(items: readonly string[], last = 'and'): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}

/** The object's own property that differs from `name` only in case, if there is one. */
export function nearProperty(object: JsonObject, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.keys(object).find((key) => key !== name && key.toLowerCase() === wanted);
}

/**
 * The object's own property that `convert --fix` renames to `name`: the only one that spells it in another case, or
 * as databases do (`clip_id`).
 */
export function columnLike(object: JsonObject, name: string): string | undefined {
  const wanted = comparableName(name);
  const [near, ...others] = Object.keys(object).filter((key) => comparableName(key) === wanted);
  return others.length === 0 ? near : undefined;
}

/** The beginning of a hint about database rows that `convert --fix` can fix: `${ROWS_OR_FIX} renames it.` */
export const ROWS_OR_FIX =
  'To read rows of a database unchanged, add --shape events; omny-consume convert --fix';

/** A property's name as a JSON pointer from its object. */
export function pointerTo(property: string): string {
  return `/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
