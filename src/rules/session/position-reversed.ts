import { defineRule } from '../define.js';
import { secs } from '../words.js';

const TOLERANCE_MS = 1000;

export const positionReversed = defineRule({
  id: 'position-reversed',
  level: 'session',
  needs: 'order',
  severity: 'warning',
  title: 'A Stop lies before its Start on the timeline',
  why: 'Playback runs forward from a Start to its Stop: a jump back in between was not reported.',
  mend: 'On a seek emit Stop at the position that is left (before currentTime changes) and Start at the new one.',
  reference: 'API-10, API-11',
  check({ listening: { intervals } }, report) {
    for (const { start, stop, audioMs } of intervals) {
      if (audioMs < -TOLERANCE_MS) {
        report({
          at: stop.event,
          expected: `a Stop at or after its Start at ${secs(start.positionMs)}`,
          received: secs(stop.positionMs),
        });
      }
    }
  },
});
