import { longestClockMs } from '../domain/listening.js';
import {
  defineDiagnosis,
  ExampleCounter,
  enough,
  LONG_ONES,
  type SeenSession,
  sessionsOf,
} from './define.js';

const LEAST = { sessions: 3, share: 0.1 } as const;
const LEAST_STEADY = 3;
/** Less may be a player that reports another place than where it stops. */
const LEAST_HEARD_MS = 10_000;

export const pausesNotReported = defineDiagnosis({
  id: 'pauses-not-reported',
  title: 'Pauses are not reported',
  sees: 'much more clock than audio between a Start and a Stop that lies 10 s or more after it (`playback-too-slow`)',
  threshold:
    '3 sessions, and 10 % of those with an interval of 30 s of clock or more, of which 3 go on steadily (half a second of audio a second or more); no session of the input reports a pause',
  mend: 'Emit Stop on pause and on stalls, and Start when playback goes on.',
  rules: ['playback-too-slow'],
  unless: ['position-as-fraction', 'position-as-percentage', 'position-stuck'],
  watch() {
    const shown = new ExampleCounter();
    return {
      look(seen) {
        if (hasGap(seen)) shown.add(seen.session.key);
      },
      end({ long, steady, pausing }) {
        if (pausing > 0 || steady < LEAST_STEADY || !enough(shown.sessions, long, LEAST)) return null;
        const evidence = `${sessionsOf(shown.sessions, long, LONG_ONES)} take over twice as long as what is heard there, and a minute more; no session reports a pause.`;
        return { sessions: shown.sessions, of: long, evidence, examples: shown.examples };
      },
    };
  },
});

function hasGap({ listening, fired }: SeenSession): boolean {
  if (!listening || !fired.has('playback-too-slow')) return false;
  const { intervalCount, audioMs, clockMs } = listening;
  for (let n = 0; n < intervalCount; n += 1) {
    if (audioMs[n]! >= LEAST_HEARD_MS && clockMs[n]! > longestClockMs(audioMs[n]!)) return true;
  }
  return false;
}
