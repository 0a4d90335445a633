import { bare, MINUTE, session } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';

export const sessionTooShort: RuleGuide = {
  firesWhen:
    'under 10 s were played (--min-duration), and the session has no stop-without-start, start-without-stop, session-open, position-reversed or position-unit',
  inferred: null,
  broken: bare(
    session([
      ['Start', 0, 0],
      ['Stop', 4.5, 4],
    ]),
  ),
  mended: bare(MINUTE),
  shows: LISTENING_FIELDS,
};
