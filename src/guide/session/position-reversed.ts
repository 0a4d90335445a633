import { bare, session } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { ON_CHANGE } from '../snippets.js';

export const positionReversed: RuleGuide = {
  firesWhen: 'the Stop.Position of an interval is more than 1 s before its Start.Position',
  inferred: 'That playback runs forward; the second of tolerance.',
  broken: bare(
    session([
      ['Start', 300, 0],
      ['Stop', 42, 30],
    ]),
  ),
  mended: bare(
    session([
      ['Start', 300, 0],
      ['Stop', 312.5, 12],
      ['Start', 24, 12],
      ['Stop', 42, 30],
    ]),
  ),
  shows: LISTENING_FIELDS,
  code: ON_CHANGE,
};
