import { body, MINUTE, requests } from '../data.js';
import type { RuleGuide } from '../define.js';

export const sourceReserved: RuleGuide = {
  firesWhen: 'Source is Web (of a body; for bare events and CSV rows that carry one: one finding a session)',
  inferred: 'That it does harm: the document’s own example sends Web.',
  broken: requests(body(MINUTE, { Source: 'Web' })),
  mended: requests(body(MINUTE)),
  shows: [],
};
