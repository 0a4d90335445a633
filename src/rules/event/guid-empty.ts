import { isEmptyGuid } from '../../domain/guid.js';
import { ID_FIELDS } from '../../wire/event.js';
import { defineRule } from '../define.js';
import { pointerTo } from '../pointer.js';

export const guidEmpty = defineRule({
  id: 'guid-empty',
  level: 'event',
  severity: 'error',
  title: 'An id is all zeros',
  why: 'A GUID of zeros is the mark of an id that was never set; it names nothing.',
  mend: 'Make events only once the clip and its organization are known, and make the SessionId when playback starts.',
  reference: 'API-8',
  check({ fields }, report) {
    if (!fields) return;
    for (const field of ID_FIELDS) {
      const id = fields[field];
      if (typeof id === 'string' && isEmptyGuid(id)) {
        report({ pointer: pointerTo(field), expected: `${field} to be a real id`, received: id });
      }
    }
  },
});
