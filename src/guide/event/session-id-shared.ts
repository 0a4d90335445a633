import { allChanged, bare, CLIP, MINUTE } from '../data.js';
import type { RuleGuide } from '../define.js';

export const sessionIdShared: RuleGuide = {
  firesWhen: 'SessionId equals the event’s ClipId or OrganizationId',
  inferred: null,
  broken: bare(allChanged(MINUTE, () => ({ SessionId: CLIP }))),
  mended: bare(MINUTE),
  shows: ['ClipId', 'SessionId', 'Type'],
  code: `SessionId = crypto.randomUUID(); // each time that playback of a clip begins`,
};
