import type { Listening } from '../domain/listening.js';
import {
  BEGINNING_MS,
  defineDiagnosis,
  ExampleCounter,
  enough,
  LONG_MS,
  LONG_ONES,
  type SeenSession,
  sessionsOf,
} from './define.js';

const LEAST = { sessions: 3, share: 0.01 } as const;
const LEAST_STEADY = 3;
const TOLERANCE_MS = 1000;

export const seeksNotReported = defineDiagnosis({
  id: 'seeks-not-reported',
  title: 'Seeks are not reported',
  sees: 'a jump between a Start and its Stop with 30 s of clock or more: ahead (`playback-too-fast`), or back (`position-reversed`) but not to the first second',
  threshold:
    '3 sessions, and 1 % of those with an interval of 30 s of clock or more, of which 3 go on steadily; no session of the input reports a seek (a Start elsewhere than the Stop before it)',
  mend: 'On a seek emit Stop at the position that is left (before currentTime changes) and Start at the new one.',
  rules: ['playback-too-fast', 'position-reversed'],
  unless: ['positions-in-milliseconds', 'stamps-at-flush'],
  watch({ maxSpeed }) {
    const shown = new ExampleCounter();
    return {
      look(seen) {
        if (jumps(seen, maxSpeed)) shown.add(seen.session.key);
      },
      end({ long, steady, seeking }) {
        if (seeking > 0 || steady < LEAST_STEADY || !enough(shown.sessions, long, LEAST)) return null;
        const evidence = `${sessionsOf(shown.sessions, long, LONG_ONES)} jump between a Start and its Stop; no session reports a seek.`;
        return { sessions: shown.sessions, of: long, evidence, examples: shown.examples };
      },
    };
  },
});

function jumps({ listening, fired }: SeenSession, maxSpeed: number): boolean {
  if (!listening || !(fired.has('playback-too-fast') || fired.has('position-reversed'))) return false;
  for (let n = 0; n < listening.intervalCount; n += 1) if (isJump(listening, n, maxSpeed)) return true;
  return false;
}

function isJump(
  { audioMs, clockMs, intervalStops, positionsMs }: Listening,
  n: number,
  maxSpeed: number,
): boolean {
  const [audio, clock] = [audioMs[n]!, clockMs[n]!];
  if (clock < LONG_MS) return false;
  if (audio < -TOLERANCE_MS) return positionsMs[intervalStops[n]!]! > BEGINNING_MS;
  return audio > maxSpeed * (clock + TOLERANCE_MS) + TOLERANCE_MS;
}
