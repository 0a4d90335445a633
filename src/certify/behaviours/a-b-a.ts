import type { Session } from '../../domain/session.js';
import { FOLLOWS_MS, pageOf } from '../capture.js';
import { defineBehaviour, placeText } from '../define.js';

export const aBA = defineBehaviour({
  id: 'a-b-a',
  title: 'Comes back to an earlier clip, as a new session',
  how: 'Play clip A for 20 s, clip B for 20 s, and clip A again, each within 10 s of the one before.',
  right:
    'three sessions without errors follow each other directly: one of clip A, one of clip B, and one of clip A again',
  wrong:
    'one session has events of clip A, clip B and clip A again (`clip-changed`); a later request continues the session of clip A after a session of clip B (`session-split`); in a HAR with pages, a session of clip B fits into a pause of a session of clip A on the same page (it starts and ends within 10 s of the Stop and the Start around the pause)',
  fix: 'Make a new SessionId each time a clip is chosen, even if the clip was played before. Do not keep one SessionId per clip.',
  limits: null,
  needs: 'sessions',
  diagnoses: [],
  look({ session, fired, note }, found) {
    if (fired.has('clip-changed') && comesBack(session))
      found.wrong(
        note,
        () => 'One SessionId holds events of a clip, then of another clip, then of the first clip again.',
      );
  },
  compare(capture, found) {
    for (const { part, between } of capture.continuations()) {
      if (between)
        found.wrong(
          part,
          () => `The session continues with the same SessionId after session ${between.key} of another clip.`,
        );
    }
    for (const note of capture.sessions) {
      const page = pageOf(note.request);
      for (const [fromMs, untilMs] of page === null ? [] : note.gaps) {
        for (const other of capture.beginning(fromMs, fromMs + FOLLOWS_MS)) {
          if (other.clip === note.clip || pageOf(other.request) !== page) continue;
          if (other.lastMs > untilMs || other.lastMs < untilMs - FOLLOWS_MS) continue;
          found.wrong(
            note,
            () => `The session continues with the same SessionId after session ${other.key} of another clip.`,
          );
        }
      }
    }
    for (const note of capture.sessions) {
      const middle = capture.preceding(note);
      const first = middle && capture.preceding(middle);
      if (!first || [first, middle, note].some(({ flawed }) => flawed)) continue;
      if (first.clip !== note.clip || middle.clip === note.clip) continue;
      found.right(
        note,
        () =>
          `The session starts at ${placeText(note.firstPositionMs)} after session ${middle.key} of another clip. Before that, session ${first.key} played the same clip.`,
      );
    }
  },
});

/** Whether a clip appears again after another one. */
function comesBack(session: Session): boolean {
  for (let i = 2; i < session.count; i += 1) {
    if (session.hasSameId(i, i - 1, 'clip')) continue;
    for (let before = 0; before < i - 1; before += 1) if (session.hasSameId(i, before, 'clip')) return true;
  }
  return false;
}
