import { MINUTE_MS } from '../capture.js';
import { defineBehaviour, placeText, spanText } from '../define.js';

const LEAST_MS = 3 * MINUTE_MS;
const LEAST_SILENT_MS = 2 * MINUTE_MS;

export const background = defineBehaviour({
  id: 'background',
  title: 'Plays on in the background',
  how: 'While a clip plays, go to another app or tab for 3 min, come back, and end the session.',
  right:
    'one request holds a whole session with an interval of 3 min of clock or more that has at least 0.9 times as much audio, and no other request holds more of it',
  wrong:
    'a request holds a session that still plays, its last event being a Start, and a later request holds more of it (`session-split`); where fewer than 10 % of the sessions begin while another one still plays, a Start follows a Stop 2 min later or more, and as much farther on (within 2 s): it played on, and nothing was reported',
  fix: 'Send a session when it is complete, not when the page is hidden: keep the queue in storage, and send it on `pagehide` or at the next start.',
  limits: 'That the player was in the background is not in the data: 3 min in the foreground look the same.',
  needs: 'requests',
  diagnoses: [],
  compare(capture, found) {
    for (const { part, before } of capture.continuations()) {
      if (!before.endsOpen || before.clip !== part.clip) continue;
      found.wrong(
        part,
        () =>
          `The session was sent while it played from ${placeText(before.lastPositionMs)} on, and continues in a later request.`,
      );
    }
    if (capture.isOfOneListener) {
      for (const note of capture.sessions) {
        if (note.silentMs >= LEAST_SILENT_MS)
          found.wrong(
            note,
            () =>
              `A Start follows a Stop ${spanText(note.silentMs)} later, and as much farther on: it played on, and nothing was reported.`,
          );
      }
    }
    for (const note of capture.sessions) {
      if (note.request === null || note.flawed || note.endsOpen || note.steadyMs < LEAST_MS) continue;
      if (capture.partsOf(note.key).some(({ occurrence }) => occurrence === 'split')) continue;
      found.right(
        note,
        () => `It plays for ${spanText(note.steadyMs)} in one piece, and was sent once it was over.`,
      );
    }
  },
});
