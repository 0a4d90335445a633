import { longestClockMs } from '../../domain/listening.js';
import { SECOND_MS } from '../capture.js';
import { defineBehaviour, PAUSED_MS, placeText, seenAt, spanText, stepsOf } from '../define.js';
import { compareForResumptions } from '../moves.js';

/** In an interval with less audio, nothing is played. */
const STILL_MS = SECOND_MS;
/** The tolerance is smaller than for a pause, because Position does not move while a player waits for data. */
const SAME_PLACE_MS = 500;

export const stall = defineBehaviour({
  id: 'stall',
  title: 'Stalls and continues',
  how: 'Slow the network down until playback waits for data, and let it continue. Several short waits are best.',
  right: 'in one session a Start follows a Stop at the same Position (within 0.5 s), less than 2 s later',
  wrong:
    'an interval has under 1 s of audio and lasts more than a minute by the clock, so a Start was reported although nothing played (`playback-too-slow`); a session has no audio at all (`nothing-heard`); a session ends, and within 1 s another session of the same clip starts at the same place, so a stall, a change of speed or a hidden page ended the session',
  fix: 'Emit Start when audio really plays (`playing`, not `play`), and Stop when it waits for data (`waiting`). Keep the SessionId.',
  limits:
    'A wait of 2 s or more looks like a pause, and counts only for `pause`. A button that was pressed twice looks like a stall.',
  needs: 'sessions',
  diagnoses: [],
  look(seen, found) {
    const { session, listening, note, fired } = seen;
    if (!listening) return;
    for (const { i, fromPositionMs, movedMs, waitedMs } of note.flawed ? [] : stepsOf(listening, 'Start')) {
      if (Math.abs(movedMs) > SAME_PLACE_MS || waitedMs < 0 || waitedMs >= PAUSED_MS) continue;
      found.right(
        seenAt(seen, i),
        () => `The session stops at ${placeText(fromPositionMs)} and starts there again at once.`,
      );
    }
    if (fired.has('nothing-heard')) {
      found.wrong(note, () => 'Starts and Stops are reported, but Position does not move: nothing played.');
      return;
    }
    if (!fired.has('playback-too-slow')) return;
    const { intervalCount, intervalStops, audioMs, clockMs, kept, positionsMs } = listening;
    for (let n = 0; n < intervalCount; n += 1) {
      const [audio, clock, stop] = [audioMs[n]!, clockMs[n]!, intervalStops[n]!];
      if (Math.abs(audio) >= STILL_MS || clock <= longestClockMs(audio)) continue;
      if (session.hasDerivedClock(kept[stop]!)) continue;
      found.wrong(
        seenAt(seen, stop),
        () =>
          `Between the Start at ${placeText(positionsMs[stop - 1]!)} and its Stop nothing played for ${spanText(clock)}.`,
      );
    }
  },
  compare: (capture, found) => compareForResumptions(capture, found, 'same'),
});
