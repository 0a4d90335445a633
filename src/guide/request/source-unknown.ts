import { body, MINUTE, requests } from '../data.js';
import type { RuleGuide } from '../define.js';

export const sourceUnknown: RuleGuide = {
  firesWhen:
    'Source is a string other than the five (of a body; for bare events and CSV rows that carry one: one finding a session)',
  inferred: 'That no other value is taken: the document lists those that are available.',
  broken: requests(body(MINUTE, { Source: 'customweb' })),
  mended: requests(body(MINUTE)),
  shows: [],
};
