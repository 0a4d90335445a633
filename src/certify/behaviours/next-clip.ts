import { afterText, defineBehaviour, placeText } from '../define.js';

export const nextClip = defineBehaviour({
  id: 'next-clip',
  title: 'Continues to the next clip',
  how: 'Play a clip for 20 s. Choose another clip, or let the playlist continue, and play that clip for 20 s.',
  right:
    'a session whose last event is a Stop is followed directly by a session of another clip, both without errors',
  wrong:
    'one session has events of several clips (`clip-changed`, `session-split`); the SeqNumbers of the next session continue those of the session before (`seq-start`); the next session has a Stop of the session before (`event-leaked`); one of these diagnoses is reported: `counter-not-reset`, `stop-in-next-session`, `position-of-next-clip`, `listener-left-on`',
  fix: 'End the session before the next clip is loaded: emit its Stop, send the session, and remove its listeners. Then make a new SessionId, and count from SeqNumber 1.',
  limits: null,
  needs: 'sessions',
  diagnoses: ['counter-not-reset', 'stop-in-next-session', 'position-of-next-clip', 'listener-left-on'],
  look({ fired, note }, found) {
    if (fired.has('clip-changed'))
      found.wrong(note, () => 'One SessionId holds events of more than one clip.');
    if (fired.has('event-leaked'))
      found.wrong(
        note,
        () => 'The session has a Stop of an earlier session, with the same Timestamp and Position.',
      );
  },
  compare(capture, found) {
    for (const { part, before } of capture.continuations()) {
      if (part.clip !== before.clip)
        found.wrong(part, () => 'A later request holds events of another clip with the same SessionId.');
    }
    for (const note of capture.sessions) {
      if (!note.known) continue;
      const before = capture.preceding(note);
      if (!before?.known || before.clip === note.clip) continue;
      if (note.fired.includes('seq-start') && note.lowest === before.highest + 1) {
        found.wrong(
          note,
          () =>
            `The session starts with SeqNumber ${note.lowest}, which continues the session before: the counter was not reset.`,
        );
        continue;
      }
      if (note.flawed || before.flawed || before.endsOpen) continue;
      found.right(
        note,
        () =>
          `The session starts at ${placeText(note.firstPositionMs)}, ${afterText(note.firstMs - before.lastMs)} session ${before.key} of another clip stopped.`,
      );
    }
  },
});
