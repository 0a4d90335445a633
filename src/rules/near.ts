import type { JsonObject } from '../wire/shape.js';

/** The object's own property that differs from `name` only in letter case, if there is one. */
export function nearProperty(object: JsonObject, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.keys(object).find((key) => key !== name && key.toLowerCase() === wanted);
}
