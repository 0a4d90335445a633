import { type Capture, NEAR_END_MS, SECOND_MS, type SessionNote } from '../capture.js';
import { BEGINNING_MS, defineBehaviour, placeText } from '../define.js';

export const playToEnd = defineBehaviour({
  id: 'play-to-end',
  title: 'Plays a clip to its end',
  how: 'Play a clip until it ends on its own. If the length of the clip is unknown (--clips), do this twice.',
  right: 'the last event of a session is a Stop within 2 s of the end of its clip',
  wrong:
    'the last event is a Start within 2 s of the end (`session-open`); the last event is a Start, and the request was sent within 10 s after the clip must have ended; the Stop at the end is repeated (`repeated-event`); the Stop at the end is after the end of the clip (`position-beyond-clip`); the Stop at the end has a Position in the first second (`position-reversed`)',
  fix: 'On `ended` emit one Stop at the clip’s duration, and send the session. HTML audio fires `pause` before `ended`: emit Stop on only one of the two.',
  limits:
    'If the length of a clip is unknown, its end is the farthest Position at which two sessions end (within 0.5 s of each other). Two listeners who leave at the same place look the same.',
  needs: 'sessions',
  diagnoses: [],
  compare(capture, found) {
    for (const note of capture.sessions) {
      const endMs = capture.endOf(note);
      if (!note.known) continue;
      const wrong = wrongAtEnd(note, endMs, capture);
      if (wrong !== null) found.wrong(note, () => wrong);
      else if (endMs !== null && !note.flawed && capture.isAtEnd(note))
        found.right(
          note,
          () => `The session stops at ${placeText(note.lastPositionMs)}, the end of the clip.`,
        );
    }
  },
});

function wrongAtEnd(note: SessionNote, endMs: number | null, capture: Capture): string | null {
  const { fired, lastPositionMs } = note;
  if (fired.includes('position-reversed') && !note.endsOpen && lastPositionMs <= BEGINNING_MS)
    return `The last Stop has the Position ${placeText(lastPositionMs)}, though the clip was underway: the player had gone back to the beginning.`;
  if (endMs === null) return null;
  if (fired.includes('session-open')) {
    if (lastPositionMs >= endMs - NEAR_END_MS)
      return `The last event is a Start at ${placeText(lastPositionMs)}, at the end of the clip: nothing more is played.`;
    if (capture.endedWhenSent(note))
      return `The last event is a Start at ${placeText(lastPositionMs)}, and the request began when the clip had just ended: its Stop is missing.`;
  }
  if (fired.includes('position-beyond-clip') && lastPositionMs > endMs + SECOND_MS)
    return `The session stops at ${placeText(lastPositionMs)}, after the end of the clip at ${placeText(endMs)}.`;
  if (note.endsTwice && !note.endsOpen && Math.abs(lastPositionMs - endMs) <= NEAR_END_MS)
    return `The Stop at the end of the clip, ${placeText(lastPositionMs)}, is repeated.`;
  return null;
}
