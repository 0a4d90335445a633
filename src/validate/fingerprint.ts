import { createHash } from 'node:crypto';
import { guidKey, isGuid } from '../domain/guid.js';
import type { Session } from '../domain/session.js';
import { PRINT_BYTES } from '../sessions/seen.js';
import { EVENT_FIELDS } from '../wire/event.js';
import { wireFields } from '../wire/fields.js';

/** Tells two sessions' contents apart: the seven fields of the events by SeqNumber, ids without regard to case. */
export function fingerprint(session: Session): string {
  const hash = createHash('sha1');
  for (const event of session.events) {
    const fields = wireFields(event);
    hash.update(
      JSON.stringify(
        EVENT_FIELDS.map((field) => {
          const value = fields[field];
          return isGuid(value) ? guidKey(value) : [typeof value, value];
        }),
      ),
    );
  }
  return hash.digest().subarray(0, PRINT_BYTES).toString('base64');
}
