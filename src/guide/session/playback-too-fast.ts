import { bare, session } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { ON_CHANGE } from '../snippets.js';

export const playbackTooFast: RuleGuide = {
  firesWhen:
    'an interval with a clock of at least -1 s has Stop.Position - Start.Position > 4 * (max(0, clock) + 1) + 1 (--max-speed, default 4); not where timestamps-at-flush or position-unit fired',
  inferred: 'The fastest speed that is believed, 4, and its tolerance.',
  broken: bare(
    session([
      ['Start', 0, 0],
      ['Stop', 420.5, 61],
    ]),
  ),
  mended: bare(
    session([
      ['Start', 0, 0],
      ['Stop', 30.25, 30],
      ['Start', 389.5, 30],
      ['Stop', 420.5, 61],
    ]),
  ),
  shows: LISTENING_FIELDS,
  code: ON_CHANGE,
};
