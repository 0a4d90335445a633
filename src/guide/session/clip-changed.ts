import { allChanged, bare, MINUTE, OTHER_CLIP, OTHER_SESSION, SESSION } from '../data.js';
import type { RuleGuide } from '../define.js';
import { PLAY } from '../snippets.js';

const NEXT = allChanged(MINUTE, (event) => ({
  ClipId: OTHER_CLIP,
  SessionId: OTHER_SESSION,
  Timestamp: Number(event.Timestamp) + 61,
}));
const BOTH = [...MINUTE, ...allChanged(NEXT, () => ({ SessionId: SESSION }))];

export const clipChanged: RuleGuide = {
  firesWhen: 'the session has events with more than one ClipId',
  inferred: null,
  broken: bare(allChanged(BOTH, (_, i) => ({ SeqNumber: i + 1 }))),
  mended: bare([...MINUTE, ...NEXT]),
  shows: ['ClipId', 'SessionId', 'SeqNumber'],
  code: PLAY,
};
