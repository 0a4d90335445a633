import { defineBehaviour } from '../define.js';
import { compareForResumptions, lookForSeeks } from '../moves.js';

export const seekBack = defineBehaviour({
  id: 'seek-back',
  title: 'Jumps back',
  how: 'While a clip plays, jump back by 15 s, but not to its beginning. Let it play for another 10 s.',
  right:
    'in one session a Start follows a Stop at a Position that is more than 1 s earlier, but not in the first second of the clip',
  wrong:
    'an interval of 30 s or more by the clock stops at an earlier Position than its Start, but not in the first second, so a jump was not reported (`position-reversed`); a Start follows a Start at a Position that is more than 1 s earlier (`start-without-stop`); a session ends, and within 1 s another session of the same clip starts more than 1 s earlier in the clip, but not in the first second',
  fix: 'On a seek emit Stop at the old position, before currentTime changes, and Start at the new position, in the same session.',
  limits: 'A Start in the first second does not count, because a loop looks the same.',
  needs: 'sessions',
  diagnoses: [],
  look: (seen, found) => lookForSeeks(seen, found, 'back'),
  compare: (capture, found) => compareForResumptions(capture, found, 'back'),
});
