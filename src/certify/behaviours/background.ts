import { MINUTE_MS } from '../capture.js';
import { defineBehaviour, placeText, spanText } from '../define.js';

const LEAST_MS = 3 * MINUTE_MS;
const LEAST_SILENT_MS = 2 * MINUTE_MS;

export const background = defineBehaviour({
  id: 'background',
  title: 'Continues to play in the background',
  how: 'While a clip plays, go to another app or tab for 3 min, come back, and end the session.',
  right:
    'a request has a whole session, which no other request has, with an interval of 3 min or more by the clock; the interval has at least 0.9 times as much audio',
  wrong:
    'a request has a session that ends with a Start, and a later request has more events of that session (`session-split`); a Start follows a Stop 2 min later or more, at a Position that is ahead by the same time (within 2 s), so the clip was played in between and not reported. This counts only if fewer than 10 % of the sessions start while another session plays',
  fix: 'Send a session when it is complete, not when the page is hidden. Keep the queue in storage, and send it on `pagehide` or at the next start.',
  limits:
    'The data does not say whether the player was in the background: 3 min in the foreground look the same.',
  needs: 'requests',
  diagnoses: [],
  compare(capture, found) {
    for (const { part, before } of capture.continuations()) {
      if (!before.endsOpen || before.clip !== part.clip) continue;
      found.wrong(
        part,
        () =>
          `The session was sent while it played (from ${placeText(before.lastPositionMs)}), and continues in a later request.`,
      );
    }
    if (capture.isOfOneListener) {
      for (const note of capture.sessions) {
        if (note.silentMs >= LEAST_SILENT_MS)
          found.wrong(
            note,
            () =>
              `A Start follows a Stop ${spanText(note.silentMs)} later, at a Position that is ahead by as much: playback continued, and was not reported.`,
          );
      }
    }
    for (const note of capture.sessions) {
      if (note.request === null || note.flawed || note.endsOpen || note.steadyMs < LEAST_MS) continue;
      if (capture.partsOf(note.key).some(({ occurrence }) => occurrence === 'split')) continue;
      found.right(
        note,
        () =>
          `The session plays for ${spanText(note.steadyMs)} without a break, and was sent when it was complete.`,
      );
    }
  },
});
