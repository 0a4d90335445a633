import { capture, MINUTE, sent } from '../data.js';
import type { RuleGuide } from '../define.js';
import { FLUSH } from '../snippets.js';

export const sessionSentAgain: RuleGuide = {
  firesWhen:
    'HAR and mock: a session is sent again whose earlier request was answered with Enabled: true (then no session-resent)',
  inferred: 'Whether Omny counts the second delivery.',
  broken: capture(sent(MINUTE), sent(MINUTE, { at: 201 })),
  mended: capture(sent(MINUTE)),
  shows: ['SessionId', 'Type', 'Position', 'SeqNumber'],
  code: FLUSH,
};
