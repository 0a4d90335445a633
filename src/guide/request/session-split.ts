import { body, requests, WITH_JUMP } from '../data.js';
import type { RuleGuide } from '../define.js';
import { FLUSH } from '../snippets.js';

export const sessionSplit: RuleGuide = {
  firesWhen:
    'the SessionId already stood in an earlier request of this input, with other events (compared with its first request: the seven fields, in order)',
  inferred: 'What becomes of the second part.',
  broken: requests(body(WITH_JUMP.slice(0, 2)), body(WITH_JUMP.slice(2))),
  mended: requests(body(WITH_JUMP)),
  shows: ['SessionId', 'Type', 'Position', 'SeqNumber'],
  code: FLUSH,
};
