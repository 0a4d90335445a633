import { bare, changed, MINUTE } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';

export const positionRange: RuleGuide = {
  firesWhen: 'Position is negative or not finite',
  inferred: 'That a timeline begins at 0.',
  broken: bare(changed(MINUTE, 0, { Position: -1 })),
  mended: bare(MINUTE),
  shows: LISTENING_FIELDS,
};
