import { bare, session } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { ON_CHANGE } from '../snippets.js';

export const playbackTooSlow: RuleGuide = {
  firesWhen:
    'an interval has a clock > 2 * (Stop.Position - Start.Position) + 60, the difference taken as 0 where negative: a pause that was not reported as a Stop',
  inferred: 'The slowest speed that is taken for playback, and its tolerance.',
  broken: bare(
    session([
      ['Start', 0, 0],
      ['Stop', 61.25, 3661],
    ]),
  ),
  mended: bare(
    session([
      ['Start', 0, 0],
      ['Stop', 30.25, 30],
      ['Start', 30.25, 3630],
      ['Stop', 61.25, 3661],
    ]),
  ),
  shows: LISTENING_FIELDS,
  code: ON_CHANGE,
};
