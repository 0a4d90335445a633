import { defineBehaviour, LONG_PAUSE_MS } from '../define.js';
import { compareForPauses, lookForPauses } from '../moves.js';

const LENGTHS = { fromMs: LONG_PAUSE_MS, untilMs: Number.POSITIVE_INFINITY };

export const longPause = defineBehaviour({
  id: 'long-pause',
  title: 'Keeps its session over a long pause',
  how: 'Play for 10 s, pause for 10 min or more, and play on for 10 s.',
  right: 'in one session a Start follows a Stop at the same Position (within 1 s), 10 min later or more',
  wrong:
    'an interval of 10 s of audio or more has at least 10 min more clock than audio (`playback-too-slow`), and no session of the input reports a pause; a later request continues where an earlier one stopped, 10 min later or more (`session-split`)',
  fix: 'Keep the SessionId and the queue over a pause, however long: a session ends when the clip ends or changes, or the app closes.',
  limits:
    'A new SessionId after a long pause looks like a listener who comes back later: the behaviour is then not seen.',
  needs: 'sessions',
  diagnoses: [],
  look: (seen, found) => lookForPauses(seen, found, LENGTHS),
  compare: (capture, found) => compareForPauses(capture, found, LENGTHS),
});
