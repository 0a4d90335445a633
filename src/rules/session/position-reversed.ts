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
  check({ listening: { intervalCount, intervalStops, kept, positionsMs, audioMs } }, report) {
    for (let n = 0; n < intervalCount; n += 1) {
      if (audioMs[n]! >= -TOLERANCE_MS) continue;
      const stop = intervalStops[n]!;
      report(kept[stop]!, () => ({
        expected: `a Stop at or after its Start at ${secs(positionsMs[stop - 1]!)}`,
        received: secs(positionsMs[stop]!),
      }));
    }
  },
});
