import { defineBehaviour } from '../define.js';
import { compareForResumptions, lookForSeeks } from '../moves.js';

export const seekForward = defineBehaviour({
  id: 'seek-forward',
  title: 'Jumps ahead',
  how: 'While a clip plays, jump ahead by 30 s or more. Let it play for another 10 s.',
  right: 'in one session a Start follows a Stop at a Position that is more than 1 s later',
  wrong:
    'an interval of 30 s or more by the clock runs faster than --max-speed, so a jump was not reported (`playback-too-fast`); a Start follows a Start at a Position that cannot have been reached by playing (`start-without-stop`); a session ends, and within 1 s another session of the same clip starts more than 1 s later in the clip',
  fix: 'On a seek emit Stop at the old position, before currentTime changes, and Start at the new position, in the same session.',
  limits: null,
  needs: 'sessions',
  diagnoses: [],
  look: (seen, found) => lookForSeeks(seen, found, 'ahead'),
  compare: (capture, found) => compareForResumptions(capture, found, 'ahead'),
});
