import { allChanged, bare, MINUTE, SESSION } from '../data.js';
import type { RuleGuide } from '../define.js';

export const guidFormat: RuleGuide = {
  firesWhen: 'an id is a string but not 8-4-4-4-12 hexadecimal',
  inferred: 'That GUIDs are written with dashes and without braces, as in the document’s example.',
  broken: bare(allChanged(MINUTE, () => ({ SessionId: SESSION.replaceAll('-', '') }))),
  mended: bare(MINUTE),
  shows: ['SessionId', 'Type', 'Position'],
  code: `let SessionId = crypto.randomUUID(); // needs https, or localhost`,
};
