import { allChanged, bare, MINUTE } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';

/** The year 2100. */
const FAR_AHEAD = 4102444800;

export const timestampFuture: RuleGuide = {
  firesWhen: 'Timestamp is more than 300 s after now (--now pins now); not where timestamp-unit fires',
  inferred: 'The 300 s, for clocks that are ahead.',
  broken: bare(allChanged(MINUTE, (_, i) => ({ Timestamp: FAR_AHEAD + i * 61 }))),
  mended: bare(MINUTE),
  shows: LISTENING_FIELDS,
};
