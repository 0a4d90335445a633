import { BEGAN, bare, changed, MINUTE } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';

export const timestampFraction: RuleGuide = {
  firesWhen: 'Timestamp is not whole; not where timestamp-unit fires',
  inferred: 'That it is whole: the document’s examples are.',
  broken: bare(changed(MINUTE, 1, { Timestamp: BEGAN + 61.25 })),
  mended: bare(MINUTE),
  shows: LISTENING_FIELDS,
  code: `const Timestamp = Math.floor(Date.now() / 1000);`,
};
