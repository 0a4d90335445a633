import { defineCause } from './define.js';
import { watchShare } from './position-as-share.js';

const HUNDRED_MINUTES = 6000;

export const positionAsPercentage = defineCause({
  id: 'position-as-percentage',
  title: 'Position is a percentage of the clip, from 0 to 100',
  sees: 'an interval of 30 s of clock or more, a Position over 1 but none over 100, and in such intervals at most 0.4 s of audio a second',
  threshold:
    'as for `position-as-fraction`; not where the length is 100 minutes for every clip (Positions in minutes)',
  mend: 'Send seconds: audio.currentTime, or the percentage times the duration, divided by 100.',
  rules: ['playback-too-slow', 'session-too-short'],
  watch: (settings) =>
    watchShare({ whole: 100, above: 1, seemingSeconds: HUNDRED_MINUTES, words: 'from 0 to 100' }, settings),
});
