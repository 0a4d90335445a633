import type { Listening } from '../../domain/listening.js';
import type { Session } from '../../domain/session.js';
import { SECOND_MS } from '../capture.js';
import { defineBehaviour, seenAt, spanText } from '../define.js';

const LEAST_CLOCK_MS = 30_000;
/** The audio must be this many times as long as the clock, and at least 2 s longer, because Timestamps are whole seconds. */
const FASTER = 1.1;
const LEAST_STEPS = 3;
const LEAST_STEP_CLOCK_MS = 10_000;
const LEAST_JUMP = 0.15;
const AGREEMENT = 0.05;
/**
 * The longest interval must be this many times as long as the shortest. If all have the same length, regular taps on a skip
 * button look the same.
 */
const LEAST_VARIETY = 1.5;

export const speed = defineBehaviour({
  id: 'speed',
  title: 'Plays faster',
  how: 'Play for a minute at 1.5 times the speed.',
  right:
    'an interval of 30 s or more by the clock has at least 1.1 times as much audio, and at least 2 s more, up to --max-speed',
  wrong:
    'Position follows the clock and not the audio: in one session, three intervals of 10 s or more run exactly as fast as the clock, and after each of them the next Start is immediately ahead by the same share of the interval (0.15 or more, within 5 %). The longest interval is at least 1.5 times as long as the shortest',
  fix: 'Read the Position from the player (audio.currentTime), not from a clock: they differ at another speed.',
  limits: 'A slower speed does not count, because unreported stalls look the same.',
  needs: 'sessions',
  diagnoses: [],
  look(seen, found) {
    const { session, listening, note, settings } = seen;
    if (!listening || note.flawed) return;
    const { intervalCount, intervalStops, audioMs, clockMs } = listening;
    const jump = jumpPerClock(session, listening);
    if (jump !== null) {
      found.wrong(
        note,
        () =>
          `The intervals run as fast as the clock, and after each of them the next Start is ahead by ${Math.round(jump * 100)} % of that interval: Position follows the clock, not the audio.`,
      );
    }
    for (let n = 0; n < intervalCount; n += 1) {
      const [audio, clock, stop] = [audioMs[n]!, clockMs[n]!, intervalStops[n]!];
      if (clock < LEAST_CLOCK_MS || session.hasDerivedClock(listening.kept[stop]!)) continue;
      if (audio < FASTER * clock + 2 * SECOND_MS || audio > settings.maxSpeed * (clock + SECOND_MS)) continue;
      found.right(
        seenAt(seen, stop),
        () =>
          `${spanText(audio)} of audio are played in ${spanText(clock)}, ${Math.round((audio / clock) * 100) / 100} times as fast.`,
      );
    }
  },
});

/**
 * The share of each interval's clock by which the next Start is ahead, if all intervals have the same share; otherwise null.
 */
function jumpPerClock(session: Session, listening: Listening): number | null {
  const { intervalCount, intervalStops, keptCount, kept, audioMs, clockMs, positionsMs, timestampsMs } =
    listening;
  const shares: number[] = [];
  let [shortest, longest] = [Number.POSITIVE_INFINITY, 0];
  for (let n = 0; n < intervalCount; n += 1) {
    const [stop, clock] = [intervalStops[n]!, clockMs[n]!];
    if (stop + 1 >= keptCount || clock < LEAST_STEP_CLOCK_MS) continue;
    if (session.hasDerivedClock(kept[stop]!) || Math.abs(audioMs[n]! - clock) > SECOND_MS) return null;
    if (timestampsMs[stop + 1]! - timestampsMs[stop]! > SECOND_MS) return null;
    shares.push((positionsMs[stop + 1]! - positionsMs[stop]!) / clock);
    shortest = Math.min(shortest, clock);
    longest = Math.max(longest, clock);
  }
  if (shares.length < LEAST_STEPS || longest < LEAST_VARIETY * shortest) return null;
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  const agree = shares.every((share) => Math.abs(share - mean) <= AGREEMENT * mean);
  return mean >= LEAST_JUMP && agree ? mean : null;
}
