import { allChanged, BEGAN, bare, WITH_JUMP } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';
import { NOTE } from '../snippets.js';

export const timestampsAtFlush: RuleGuide = {
  firesWhen: 'all Timestamps of the session lie within 1 s, and at least 15 s were played',
  inferred: 'The limits of 1 s and 15 s.',
  broken: bare(allChanged(WITH_JUMP, () => ({ Timestamp: BEGAN + 200 }))),
  mended: bare(WITH_JUMP),
  shows: LISTENING_FIELDS,
  code: NOTE,
};
