import { body, MINUTE, requests } from '../data.js';
import type { RuleGuide } from '../define.js';

export const eventsEmpty: RuleGuide = {
  firesWhen: 'Events is []',
  inferred: null,
  broken: requests(body([])),
  mended: requests(body(MINUTE)),
  shows: [],
  code: `if (queue.length > 0) navigator.sendBeacon(url, blobOf(queue));`,
};
