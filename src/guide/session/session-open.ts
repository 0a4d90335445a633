import { bare, WITH_JUMP } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { FLUSH } from '../snippets.js';

export const sessionOpen: RuleGuide = {
  firesWhen:
    'the last event is a Start: what was heard after it is unknown. Usual after a crash, a bug otherwise',
  inferred: 'That a completed session ends with a Stop.',
  broken: bare(WITH_JUMP.slice(0, 3)),
  mended: bare(WITH_JUMP),
  shows: LISTENING_FIELDS,
  code: FLUSH,
};
