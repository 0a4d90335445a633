import { UNDERWAY_MS } from '../../diagnoses/define.js';
import { isKept } from '../../diagnoses/not-reset.js';
import { afterText, BEGINNING_MS, defineBehaviour, placeText } from '../define.js';

export const replay = defineBehaviour({
  id: 'replay',
  title: 'Plays a clip again, as a new session',
  how: 'Play a clip to its end, and start it again from its beginning within 10 s. Give its length with --clips, or play it to its end again.',
  right:
    'a session that stops at the end of its clip is followed directly by another of the same clip whose first event is a Start in the first second',
  wrong:
    'one SessionId holds both plays: a Start in the first second an hour or more after a Stop at the farthest Position, or SeqNumber 1 again with such a Start (`seq-duplicate`), or a later request that begins with such a Start, 30 s or more into the clip having been passed before (`session-split`); the new session of the same clip continues with the SeqNumber of the one before (`seq-start`)',
  fix: 'Make a new SessionId, and count from SeqNumber 1, when a clip is played again after its end.',
  limits:
    'That a replay is another session is inferred: the document says one continuous play of one clip. So a Start at the beginning in the same session, soon after the end, is not called wrong: it may be a loop.',
  needs: 'sessions',
  diagnoses: [],
  look(seen, found) {
    if (seen.fired.has('clip-changed') || !isKept(seen)) return;
    found.wrong(seen.note, () => 'The clip is played again from its beginning with the same SessionId.');
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
            `It begins with SeqNumber ${note.lowest}, where the session before ended: the counter was not reset.`,
        );
        continue;
      }
      if (note.flawed || before.flawed || !capture.isAtEnd(before)) continue;
      found.right(
        note,
        () =>
          `It begins at ${placeText(note.firstPositionMs)}, ${afterText(note.firstMs - before.lastMs)} session ${before.key} stopped at the end of the clip.`,
      );
    }
  },
});
