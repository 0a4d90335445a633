import { bare, session, WITH_JUMP } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { ON_CHANGE } from '../snippets.js';

export const startWithoutStop: RuleGuide = {
  firesWhen: 'a Start while it already plays, not a repeated-event',
  inferred: 'That Start and Stop take turns: the document only says what each means.',
  broken: bare(
    session([
      ['Start', 0, 0],
      ['Start', 300, 61],
      ['Stop', 420.5, 182],
    ]),
  ),
  mended: bare(WITH_JUMP),
  shows: LISTENING_FIELDS,
  code: ON_CHANGE,
};
