import { allChanged, bare, WITH_JUMP } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { NOTE } from '../snippets.js';

export const seqDuplicate: RuleGuide = {
  firesWhen:
    'a SeqNumber stands more than once (one finding a number); the order is not known then, and the rules from repeated-event on are not applied to that session',
  inferred: null,
  broken: bare(allChanged(WITH_JUMP, (_, i) => ({ SeqNumber: [1, 2, 2, 3][i] }))),
  mended: bare(WITH_JUMP),
  shows: LISTENING_FIELDS,
  code: NOTE,
};
