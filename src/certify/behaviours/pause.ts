import {
  defineBehaviour,
  LONG_PAUSE_MS,
  PAUSED_MS,
  placeText,
  type SeenPart,
  seenAt,
  stepsOf,
} from '../define.js';
import { compareForPauses, couldBePlayed, lookForPauses } from '../moves.js';

const LENGTHS = { fromMs: PAUSED_MS, untilMs: LONG_PAUSE_MS };

/** With this many Starts that are all repeated, the player is wrong: a person can press a button twice, but not every time. */
const MANY_STARTS = 3;

export const pause = defineBehaviour({
  id: 'pause',
  title: 'Pauses and continues',
  how: 'Play for 10 s, pause for 5 s, and play for another 10 s.',
  right: 'in one session a Start follows a Stop at the same Position (within 1 s), 2 s later or more',
  wrong:
    'an interval with 10 s of audio or more lasts much longer by the clock than its audio, but less than 10 min longer (`playback-too-slow`), and no session of the input reports a pause; a Start is missing between two Stops, or a Stop between two Starts, where playback could have continued (`stop-without-start`, `start-without-stop`); a later request continues a session where an earlier request stopped, less than 10 min later (`session-split`); each Start of a session with three intervals or more is repeated (`repeated-event`); the diagnosis `pauses-not-reported` or `session-ended-by-pause` is reported',
  fix: 'Emit Stop on pause, and Start when playback continues (`playing`), in the same session. A pause does not complete a session.',
  limits: 'A device that sleeps while a clip plays looks like a pause that is not reported.',
  needs: 'sessions',
  diagnoses: ['pauses-not-reported', 'session-ended-by-pause'],
  look(seen, found) {
    const { listening, fired, settings } = seen;
    lookForPauses(seen, found, LENGTHS);
    const starts = listening?.intervalCount ?? 0;
    if (listening && starts >= MANY_STARTS && listening.repeated.filter(isStart(seen)).length >= starts)
      found.wrong(seen.note, () => 'Each Start is repeated.');
    if (!listening || !(fired.has('stop-without-start') || fired.has('start-without-stop'))) return;
    for (const { i, fromPositionMs, toPositionMs, movedMs, waitedMs } of stepsOf(listening, 'again')) {
      if (!couldBePlayed(movedMs, waitedMs, settings.maxSpeed)) continue;
      const [type, missing] = listening.stops[i] === 1 ? ['Stop', 'Start'] : ['Start', 'Stop'];
      found.wrong(
        seenAt(seen, i),
        () =>
          `A ${type} at ${placeText(toPositionMs)} follows the ${type} at ${placeText(fromPositionMs)}: the ${missing} between them is missing.`,
      );
    }
  },
  compare: (capture, found) => compareForPauses(capture, found, LENGTHS),
});

/** Whether the event at an index is a Start. */
function isStart({ session }: SeenPart): (i: number) => boolean {
  return (i) => !session.isStop(i);
}
