import { defineBehaviour, LONG_PAUSE_MS } from '../define.js';
import { compareForPauses, lookForPauses } from '../moves.js';

const LENGTHS = { fromMs: LONG_PAUSE_MS, untilMs: Number.POSITIVE_INFINITY };

export const longPause = defineBehaviour({
  id: 'long-pause',
  title: 'Keeps the session during a long pause',
  how: 'Play for 10 s, pause for 10 min or more, and play for another 10 s.',
  right: 'in one session a Start follows a Stop at the same Position (within 1 s), 10 min later or more',
  wrong:
    'an interval with 10 s of audio or more lasts at least 10 min longer by the clock than its audio (`playback-too-slow`), and no session of the input reports a pause; a later request continues a session where an earlier request stopped, 10 min later or more (`session-split`)',
  fix: 'Keep the SessionId and the queue during a pause, even a long one. A session ends when the clip ends or changes, or when the app closes.',
  limits:
    'A new SessionId after a long pause looks like a listener who comes back later. The behaviour is then not seen.',
  needs: 'sessions',
  diagnoses: [],
  look: (seen, found) => lookForPauses(seen, found, LENGTHS),
  compare: (capture, found) => compareForPauses(capture, found, LENGTHS),
});
