import { allChanged, bare, WITH_JUMP } from '../data.js';
import { LISTENING_FIELDS, type RuleGuide } from '../define.js';

export const positionUnit: RuleGuide = {
  firesWhen:
    'milliseconds, by the ratio of audio to clock: of the intervals of at least 2 s by the clock there are at least two and each has a ratio from 400 to 6000; or there is one, of at least 10 s, with a ratio from 800 to 1250, and every Position of the session is whole',
  inferred: 'The ratios and lengths by which it is told.',
  broken: bare(allChanged(WITH_JUMP, (event) => ({ Position: Number(event.Position) * 1000 }))),
  mended: bare(WITH_JUMP),
  shows: LISTENING_FIELDS,
  code: `note('Stop', player.getPosition() / 1000); // of a player that counts in milliseconds`,
};
