import { capture, MINUTE, sent } from '../data.js';
import type { RuleGuide } from '../define.js';

export const contentType: RuleGuide = {
  firesWhen: 'HAR and mock: the media type is not application/json',
  inferred: null,
  broken: capture(sent(MINUTE, { contentType: 'text/plain;charset=UTF-8' })),
  mended: capture(sent(MINUTE)),
  shows: [],
  code: `const body = JSON.stringify({ Source: 'CustomWeb', Events: queue, Completed: true });
navigator.sendBeacon(url, new Blob([body], { type: 'application/json' }));`,
};
