import { body, MINUTE, requests } from '../data.js';
import type { RuleGuide } from '../define.js';
import { FLUSH } from '../snippets.js';

export const notCompleted: RuleGuide = {
  firesWhen: 'Completed is false',
  inferred: null,
  broken: requests(body(MINUTE, { Completed: false })),
  mended: requests(body(MINUTE)),
  shows: [],
  code: FLUSH,
};
