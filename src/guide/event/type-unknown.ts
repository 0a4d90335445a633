import { bare, changed, MINUTE } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';

export const typeUnknown: RuleGuide = {
  firesWhen: 'Type is a string other than Start and Stop (case counts)',
  inferred: null,
  broken: bare(changed(MINUTE, 1, { Type: 'Pause' })),
  mended: bare(MINUTE),
  shows: LISTENING_FIELDS,
  code: `audio.addEventListener('playing', () => note('Start'));
audio.addEventListener('pause', () => note('Stop'));`,
};
