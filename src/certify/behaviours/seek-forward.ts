import { defineBehaviour } from '../define.js';
import { compareForResumptions, lookForSeeks } from '../moves.js';

export const seekForward = defineBehaviour({
  id: 'seek-forward',
  title: 'Jumps ahead',
  how: 'While a clip plays, jump ahead by 30 s or more, and let it play on for 10 s.',
  right: 'in one session a Start follows a Stop at a Position more than 1 s ahead',
  wrong:
    'an interval of 30 s of clock or more runs faster than --max-speed (`playback-too-fast`): it hides a jump; a Start follows a Start farther ahead than can have been played (`start-without-stop`); a session ends, and another of the same clip begins more than 1 s ahead within 1 s',
  fix: 'On a seek emit Stop at the position that is left, before currentTime changes, and Start at the new one, in the same session.',
  limits: null,
  needs: 'sessions',
  diagnoses: [],
  look: (seen, found) => lookForSeeks(seen, found, 'ahead'),
  compare: (capture, found) => compareForResumptions(capture, found, 'ahead'),
});
