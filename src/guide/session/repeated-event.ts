import { bare, MINUTE, session } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { ON_CHANGE } from '../snippets.js';

export const repeatedEvent: RuleGuide = {
  firesWhen:
    'a Start straight after a Start with Position and Timestamp both within 1 s of it, or a Stop straight after a Stop with Position within 1 s of it, whenever; compared with the last event kept. The later one is ignored by all rules below and by report',
  inferred: 'That the later one says nothing new, and the second of tolerance.',
  broken: bare(
    session([
      ['Start', 0, 0],
      ['Stop', 61.25, 61],
      ['Stop', 61.25, 3600],
    ]),
  ),
  mended: bare(MINUTE),
  shows: LISTENING_FIELDS,
  code: ON_CHANGE,
};
