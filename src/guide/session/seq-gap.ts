import { bare, WITH_JUMP } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { NOTE } from '../snippets.js';

export const seqGap: RuleGuide = {
  firesWhen:
    'between the lowest and the highest SeqNumber some are missing (one finding a session, naming them, shortened)',
  inferred: null,
  broken: bare([WITH_JUMP[0]!, WITH_JUMP[3]!]),
  mended: bare(WITH_JUMP),
  shows: LISTENING_FIELDS,
  code: NOTE,
};
