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
  check({ faults }, report) {
    for (const { kind, field, value } of faults) {
      if (kind !== 'empty') continue;
      report({ pointer: pointerTo(field), expected: `${field} to be a real id`, received: String(value) });
    }
  },
});
