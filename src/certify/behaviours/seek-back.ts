import { defineBehaviour } from '../define.js';
import { compareForResumptions, lookForSeeks } from '../moves.js';

export const seekBack = defineBehaviour({
  id: 'seek-back',
  title: 'Jumps back',
  how: 'While a clip plays, jump back by 15 s, not to its beginning, and let it play on for 10 s.',
  right:
    'in one session a Start follows a Stop at a Position more than 1 s back, but not in the first second of the clip',
  wrong:
    'an interval of 30 s of clock or more ends before it began, but not in the first second (`position-reversed`): it hides a jump; a Start follows a Start at a Position more than 1 s back (`start-without-stop`); a session ends, and another of the same clip begins more than 1 s farther back, but not in the first second, within 1 s',
  fix: 'On a seek emit Stop at the position that is left, before currentTime changes, and Start at the new one, in the same session.',
  limits: 'A Start in the first second counts for nothing here: a loop looks the same.',
  needs: 'sessions',
  diagnoses: [],
  look: (seen, found) => lookForSeeks(seen, found, 'back'),
  compare: (capture, found) => compareForResumptions(capture, found, 'back'),
});
