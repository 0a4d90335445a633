import { allChanged, bare, MINUTE } from '../data.js';
import type { RuleGuide } from '../define.js';

export const sourceChanged: RuleGuide = {
  firesWhen: 'bare events or rows of one session carry different Sources',
  inferred: 'That a session has one Source: it goes out in one request, and a request has one.',
  broken: bare(allChanged(MINUTE, (_, i) => ({ Source: i === 0 ? 'CustomWeb' : 'MobileApp' }))),
  mended: bare(allChanged(MINUTE, () => ({ Source: 'CustomWeb' }))),
  shows: ['SessionId', 'Type', 'SeqNumber'],
};
