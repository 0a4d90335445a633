import { defineCause } from './define.js';
import { watchShare } from './position-as-share.js';

const HOUR = 3600;

export const positionAsFraction = defineCause({
  id: 'position-as-fraction',
  title: 'Position is a fraction of the clip, from 0 to 1',
  sees: 'an interval of 30 s of clock or more, no Position over 1',
  threshold:
    '3 sessions, and 90 % of those with such an interval; and for more than half of the clips with 3 intervals of a tenth of the clip or more, half of these and at least 3, one of them 1.5 times as long as another, give one length of the clip (within 10 %), in 3 sessions; not where that is an hour for every clip (Positions in hours)',
  mend: 'Send seconds: audio.currentTime, or the fraction times the duration.',
  rules: ['playback-too-slow', 'session-too-short'],
  watch: (settings) =>
    watchShare({ whole: 1, above: 0, seemingSeconds: HOUR, words: 'from 0 to 1' }, settings),
});
