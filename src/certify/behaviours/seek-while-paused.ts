import {
  BEGINNING_MS,
  defineBehaviour,
  placeText,
  SAME_PLACE_MS,
  seenAt,
  spanText,
  stepsOf,
} from '../define.js';
import { couldBePlayed } from '../moves.js';

/** A Start that comes sooner after its Stop can belong to a jump during playback, where audio must load first. */
const PAUSED_BEFORE_MS = 5000;

export const seekWhilePaused = defineBehaviour({
  id: 'seek-while-paused',
  title: 'Jumps while paused',
  how: 'Pause, and wait for 5 s or more. Jump to another place while paused, wait again, and continue to play.',
  right:
    'in one session a Start follows a Stop 5 s later or more, at a Position that is more than 1 s away, but not in the first second of the clip',
  wrong:
    'a Stop follows a Stop at a Position that cannot have been reached by playing (`stop-without-start`), so the jump was reported although nothing played',
  fix: 'Emit no event for a jump while paused: the next Start says where playback continues. Emit Stop only while audio plays.',
  limits: 'A jump during playback looks the same if loading takes 5 s or more.',
  needs: 'sessions',
  diagnoses: [],
  look(seen, found) {
    const { listening, note, settings } = seen;
    if (!listening) return;
    for (const { i, fromPositionMs, toPositionMs, movedMs, waitedMs } of note.flawed
      ? []
      : stepsOf(listening, 'Start')) {
      if (Math.abs(movedMs) <= SAME_PLACE_MS || waitedMs < PAUSED_BEFORE_MS) continue;
      if (toPositionMs <= BEGINNING_MS) continue;
      found.right(
        seenAt(seen, i),
        () =>
          `The session stops at ${placeText(fromPositionMs)} and starts at ${placeText(toPositionMs)}, ${spanText(waitedMs)} later.`,
      );
    }
    if (!seen.fired.has('stop-without-start')) return;
    for (const { i, fromPositionMs, toPositionMs, movedMs, waitedMs } of stepsOf(listening, 'again')) {
      if (listening.stops[i] === 0 || couldBePlayed(movedMs, waitedMs, settings.maxSpeed)) continue;
      found.wrong(
        seenAt(seen, i),
        () =>
          `A Stop at ${placeText(toPositionMs)} follows the Stop at ${placeText(fromPositionMs)}: a jump while paused is reported though nothing plays.`,
      );
    }
  },
});
