import { bare, changed, MINUTE } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { NOTE } from '../snippets.js';

export const fieldType: RuleGuide = {
  firesWhen:
    'a field has another JSON type than documented ("4.5", null), or the event itself is not an object',
  inferred: null,
  broken: bare(changed(MINUTE, 1, { Position: '61.25' })),
  mended: bare(MINUTE),
  shows: LISTENING_FIELDS,
  code: NOTE,
};
