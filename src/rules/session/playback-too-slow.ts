import { defineRule } from '../define.js';
import { secs } from '../words.js';

const SLOWEST = 2;
const TOLERANCE_MS = 60_000;

/** Whether an interval takes too long for its audio. */
export function isTooSlow(audioMs: number, clockMs: number): boolean {
  return clockMs > longest(audioMs);
}

export const playbackTooSlow = defineRule({
  id: 'playback-too-slow',
  level: 'session',
  needs: 'order',
  severity: 'info',
  title: 'Much more time than audio between a Start and its Stop',
  why: 'A pause that is not reported as a Stop looks like this; so does long buffering.',
  mend: 'Emit Stop on pause and on stalls, and Start when playback goes on.',
  reference: 'API-10, API-14',
  check({ listening: { intervals } }, report) {
    for (const { stop, audioMs, clockMs } of intervals) {
      if (!isTooSlow(audioMs, clockMs)) continue;
      report({
        at: stop.event,
        expected: `at most ${secs(longest(audioMs))} for ${secs(audioMs)} of audio`,
        received: secs(clockMs),
      });
    }
  },
});

function longest(audioMs: number): number {
  return SLOWEST * Math.max(0, audioMs) + TOLERANCE_MS;
}
