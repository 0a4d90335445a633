import { bare, changed, MINUTE } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { NOTE } from '../snippets.js';

export const missingField: RuleGuide = {
  firesWhen: 'one of the seven fields is absent (one finding a field)',
  inferred: 'That all seven are required: the document’s model marks none as optional.',
  broken: bare(changed(MINUTE, 1, { Position: undefined })),
  mended: bare(MINUTE),
  shows: LISTENING_FIELDS,
  code: NOTE,
};
