import { BODY_PROPERTIES } from '../wire/body.js';
import type { JsonObject } from '../wire/shape.js';
import type { Respelled } from './define.js';
import { rename } from './rename.js';

/** A request body with its property names in the documented letter case; null where they are. */
export function spellBody(
  body: JsonObject,
): { readonly body: JsonObject; readonly changes: readonly Respelled[] } | null {
  const renamed = rename(body, BODY_PROPERTIES, 'request-shape', 'property renamed');
  return renamed && { body: renamed.object, changes: renamed.changes };
}
