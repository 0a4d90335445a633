import { type Listening, longestClockMs } from '../domain/listening.js';
import type { RuleSettings } from '../rules/define.js';
import {
  BEGINNING_MS,
  type DiagnosisWatch,
  defineDiagnosis,
  LONG_MS,
  LONG_ONES,
  type SeenSession,
  shownIn,
} from './define.js';

const MIN_STEADY = 3;
const TOLERANCE_MS = 1000;
/** In an interval with less audio, the player may only have reported a wrong Position in its Stop. */
const MIN_HEARD_MS = 10_000;

export const pausesNotReported = defineDiagnosis({
  id: 'pauses-not-reported',
  severity: 'warning',
  title: 'Pauses are not reported',
  sees: 'much more clock than audio between a Start and a Stop that is at least 10 s later (`playback-too-slow`)',
  threshold:
    'at least 3 sessions, and at least 10 % of the sessions with an interval of 30 s or more by the clock. At least 3 of these sessions play steadily (0.5 s of audio or more per second), and no session of the input reports a pause',
  mend: 'Emit Stop on pause and on stalls, and Start when playback continues.',
  rules: ['playback-too-slow'],
  unless: ['position-as-fraction', 'position-as-percentage', 'position-stuck'],
  watch: () =>
    watchMoves(
      hasGap,
      'pausing',
      0.1,
      'last over twice the audio played in them, plus a minute; no session reports a pause',
    ),
});

export const seeksNotReported = defineDiagnosis({
  id: 'seeks-not-reported',
  severity: 'warning',
  title: 'Seeks are not reported',
  sees: 'a jump between a Start and its Stop at least 30 s later: ahead (`playback-too-fast`), or back (`position-reversed`) but not to the first second',
  threshold:
    'at least 3 sessions, and at least 1 % of the sessions with an interval of 30 s or more by the clock. At least 3 of these sessions play steadily (0.5 s of audio or more per second), and no session of the input reports a seek (a Start at another Position than the Stop before it)',
  mend: 'On a seek, emit Stop at the old position (before currentTime changes) and Start at the new one.',
  rules: ['playback-too-fast', 'position-reversed'],
  unless: ['positions-in-milliseconds', 'stamps-at-flush'],
  watch: ({ maxSpeed }: RuleSettings) =>
    watchMoves(
      (seen) => jumps(seen, maxSpeed),
      'seeking',
      0.01,
      'jump between a Start and its Stop; no session reports a seek',
    ),
});

/**
 * Finds moves that players report as a Stop and a Start, but that no session here reports.
 * @param reported The count of sessions that report this move.
 * @param share The share of the sessions with a long interval.
 */
function watchMoves(
  shows: (seen: SeenSession) => boolean,
  reported: 'pausing' | 'seeking',
  share: number,
  words: string,
): DiagnosisWatch {
  return {
    look: shows,
    end(part) {
      const { long, steady, [reported]: reporting } = part.overview;
      if (reporting > 0 || steady < MIN_STEADY) return null;
      return shownIn(part, long, { sessions: 3, share }, { which: LONG_ONES, show: words });
    },
  };
}

function hasGap({ listening, fired }: SeenSession): boolean {
  if (!listening || !fired.has('playback-too-slow')) return false;
  const { intervalCount, audioMs, clockMs } = listening;
  for (let n = 0; n < intervalCount; n += 1) {
    if (audioMs[n]! >= MIN_HEARD_MS && clockMs[n]! > longestClockMs(audioMs[n]!)) return true;
  }
  return false;
}

function jumps(seen: SeenSession, maxSpeed: number): boolean {
  return !jumpsIn(seen, maxSpeed).next().done;
}

/** The numbers of the intervals that contain a jump. */
export function* jumpsIn(
  { listening, fired }: Pick<SeenSession, 'listening' | 'fired'>,
  maxSpeed: number,
): Generator<number> {
  if (!listening || !(fired.has('playback-too-fast') || fired.has('position-reversed'))) return;
  for (let n = 0; n < listening.intervalCount; n += 1) if (isJump(listening, n, maxSpeed)) yield n;
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
