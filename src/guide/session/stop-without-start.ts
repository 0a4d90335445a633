import { bare, session, WITH_JUMP } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { ON_CHANGE } from '../snippets.js';

export const stopWithoutStart: RuleGuide = {
  firesWhen: 'a Stop while nothing plays, not a repeated-event',
  inferred: 'That Start and Stop take turns: the document only says what each means.',
  broken: bare(
    session([
      ['Stop', 61.25, 61],
      ['Start', 300, 61],
      ['Stop', 420.5, 182],
    ]),
  ),
  mended: bare(WITH_JUMP),
  shows: LISTENING_FIELDS,
  code: ON_CHANGE,
};
