import { UNDERWAY_MS } from '../../diagnoses/define.js';
import { isKept } from '../../diagnoses/not-reset.js';
import { clipDurationOf } from '../../rules/define.js';
import { NEAR_END_MS, SECOND_MS } from '../capture.js';
import {
  afterText,
  BEGINNING_MS,
  defineBehaviour,
  type Found,
  PAUSED_MS,
  placeText,
  type SeenPart,
  seenAt,
  spanText,
  stepsOf,
} from '../define.js';

export const replay = defineBehaviour({
  id: 'replay',
  title: 'Plays a clip again, as a new session',
  how: 'Play a clip to its end, and start it again from its beginning within 10 s. Give the length of the clip with --clips, or play the clip to its end again.',
  right:
    'a session stops at the end of its clip, and another session of the same clip follows it directly, with a Start in the first second',
  wrong:
    'one session has a Start in the first second, 2 s or more after a Stop within 2 s of the end of its clip, whose length is known (`--clips`); one session has a Start in the first second, an hour or more after a Stop at the farthest Position; one session has SeqNumber 1 again, with a Start in the first second (`seq-duplicate`); a later request of the same session starts with a Start in the first second, after at least 30 s of the clip (`session-split`); the SeqNumbers of the new session continue those of the session before (`seq-start`)',
  fix: 'Make a new SessionId, and count from SeqNumber 1, when a clip is played again after its end.',
  limits:
    'It is inferred that a replay is a new session: the document says that a session is a single continuous play. A Start at the beginning, within 2 s of the end and in the same session, is not called wrong, because it could be a loop.',
  needs: 'sessions',
  diagnoses: [],
  look(seen, found) {
    if (seen.fired.has('clip-changed')) return;
    if (isKept(seen))
      found.wrong(seen.note, () => 'The clip is played again from its beginning with the same SessionId.');
    else lookForStartAfterEnd(seen, found);
  },
  compare(capture, found) {
    for (const { part, before, between } of capture.continuations()) {
      if (between || part.clip !== before.clip || part.beginsWithStop) continue;
      if (part.firstPositionMs > BEGINNING_MS || before.farthestMs < UNDERWAY_MS) continue;
      found.wrong(
        part,
        () => 'A later request holds another play of the clip, from its beginning, with the same SessionId.',
      );
    }
    for (const note of capture.sessions) {
      if (!note.known || note.beginsWithStop || note.firstPositionMs > BEGINNING_MS) continue;
      const before = capture.preceding(note);
      if (!before?.known || before.clip !== note.clip) continue;
      if (note.fired.includes('seq-start') && note.lowest === before.highest + 1) {
        found.wrong(
          note,
          () =>
            `The session starts with SeqNumber ${note.lowest}, which continues the session before: the counter was not reset.`,
        );
        continue;
      }
      if (note.flawed || before.flawed || !capture.isAtEnd(before)) continue;
      found.right(
        note,
        () =>
          `The session starts at ${placeText(note.firstPositionMs)}, ${afterText(note.firstMs - before.lastMs)} session ${before.key} stopped at the end of the clip.`,
      );
    }
  },
});

/** A listener who starts the clip again after its end. A loop starts again sooner. */
function lookForStartAfterEnd(seen: SeenPart, found: Found): void {
  const { session, listening, settings } = seen;
  if (!listening) return;
  const endMs = clipDurationOf(session, settings) * SECOND_MS;
  for (const { i, fromPositionMs, toPositionMs, waitedMs } of stepsOf(listening, 'Start')) {
    if (!(Math.abs(fromPositionMs - endMs) <= NEAR_END_MS)) continue;
    if (toPositionMs > BEGINNING_MS || waitedMs < PAUSED_MS) continue;
    found.wrong(
      seenAt(seen, i),
      () =>
        `The session stops at ${placeText(fromPositionMs)}, the end of the clip, and starts again at ${placeText(toPositionMs)}, ${spanText(waitedMs)} later, with the same SessionId.`,
    );
    return;
  }
}
