import { allChanged, bare, MINUTE } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { PLAY } from '../snippets.js';

export const seqStart: RuleGuide = {
  firesWhen: 'the lowest SeqNumber is not 1',
  inferred: null,
  broken: bare(allChanged(MINUTE, (_, i) => ({ SeqNumber: i + 3 }))),
  mended: bare(MINUTE),
  shows: LISTENING_FIELDS,
  code: PLAY,
};
