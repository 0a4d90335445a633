import { allChanged, bare, MINUTE } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { NOTE } from '../snippets.js';

export const seqRange: RuleGuide = {
  firesWhen: 'SeqNumber is not a whole number of at least 1',
  inferred: null,
  broken: bare(allChanged(MINUTE, (_, i) => ({ SeqNumber: i }))),
  mended: bare(MINUTE),
  shows: LISTENING_FIELDS,
  code: NOTE,
};
