import { EMPTY_GUID } from '../../domain/guid.js';
import { allChanged, bare, MINUTE } from '../data.js';
import type { RuleGuide } from '../define.js';

export const guidEmpty: RuleGuide = {
  firesWhen: 'an id is all zeros',
  inferred: 'That zeros name nothing: the document does not speak of them.',
  broken: bare(allChanged(MINUTE, () => ({ ClipId: EMPTY_GUID }))),
  mended: bare(MINUTE),
  shows: ['ClipId', 'Type', 'Position'],
  code: `audio.addEventListener('playing', () => clip.id && note('Start')); // once the clip is known`,
};
