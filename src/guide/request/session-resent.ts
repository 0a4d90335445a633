import { body, MINUTE, requests } from '../data.js';
import type { RuleGuide } from '../define.js';

export const sessionResent: RuleGuide = {
  firesWhen: 'the SessionId already stood in an earlier request of this input, with the same events: a retry',
  inferred: 'Whether Omny counts a retry once.',
  broken: requests(body(MINUTE), body(MINUTE)),
  mended: requests(body(MINUTE)),
  shows: ['SessionId', 'Type', 'Position', 'SeqNumber'],
};
