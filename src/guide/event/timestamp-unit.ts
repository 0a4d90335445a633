import { allChanged, bare, MINUTE } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';

export const timestampUnit: RuleGuide = {
  firesWhen:
    'Timestamp is under 1e9 or at least 1e11: milliseconds, microseconds, or seconds since page load',
  inferred: 'The two limits: they leave the years 2001 to 5138.',
  broken: bare(allChanged(MINUTE, (event) => ({ Timestamp: Number(event.Timestamp) * 1000 }))),
  mended: bare(MINUTE),
  shows: LISTENING_FIELDS,
  code: `const Timestamp = Math.floor(Date.now() / 1000);`,
};
