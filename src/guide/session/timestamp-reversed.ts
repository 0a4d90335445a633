import { bare, session, WITH_JUMP } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { NOTE } from '../snippets.js';

export const timestampReversed: RuleGuide = {
  firesWhen: 'a Timestamp is more than 1 s before that of the event with the next lower SeqNumber',
  inferred: 'That SeqNumbers and Timestamps rise together; the second of tolerance.',
  broken: bare(
    session([
      ['Start', 0, 0],
      ['Stop', 61.25, 61],
      ['Start', 300, 30],
      ['Stop', 420.5, 151],
    ]),
  ),
  mended: bare(WITH_JUMP),
  shows: LISTENING_FIELDS,
  code: NOTE,
};
