import { body, MINUTE, requests } from '../data.js';
import type { RuleGuide } from '../define.js';

export const requestShape: RuleGuide = {
  firesWhen:
    'the body is not an object, or Source, Events or Completed is missing or of another JSON type (one finding a property)',
  inferred: null,
  broken: requests({ Events: MINUTE, Completed: true }),
  mended: requests(body(MINUTE)),
  shows: [],
  code: `const body = JSON.stringify({ Source: 'CustomWeb', Events: queue, Completed: true });`,
};
