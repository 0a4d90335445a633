import { defineRule } from '../define.js';
import { secs } from '../words.js';

const CLOCK_TOLERANCE_MS = 1000;
const AUDIO_TOLERANCE_MS = 1000;

export const playbackTooFast = defineRule({
  id: 'playback-too-fast',
  level: 'session',
  needs: 'order',
  unless: ['timestamps-at-flush', 'position-unit'],
  severity: 'warning',
  title: 'More audio between a Start and its Stop than the clock allows',
  why: 'At no usual speed can so much be heard in that time: a jump ahead was probably not reported, and counts as heard.',
  mend: 'On a seek emit Stop at the position that is left and Start at the new one. --max-speed sets the fastest speed that is believed.',
  reference: 'API-10, API-13',
  check({ listening: { intervalCount, intervalStops, kept, audioMs, clockMs } }, report, { maxSpeed }) {
    for (let n = 0; n < intervalCount; n += 1) {
      const [audio, clock] = [audioMs[n]!, clockMs[n]!];
      if (clock < -CLOCK_TOLERANCE_MS) continue;
      const most = maxSpeed * (Math.max(0, clock) + CLOCK_TOLERANCE_MS) + AUDIO_TOLERANCE_MS;
      if (audio <= most) continue;
      report(kept[intervalStops[n]!]!, () => ({
        expected: `at most ${secs(most)} of audio in ${secs(clock)}`,
        received: secs(audio),
      }));
    }
  },
});
