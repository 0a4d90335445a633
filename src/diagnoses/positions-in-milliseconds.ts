import { defineDiagnosis, watchRule } from './define.js';

export const positionsInMilliseconds = defineDiagnosis({
  id: 'positions-in-milliseconds',
  title: 'Positions are in milliseconds',
  sees: 'audio runs about a thousand times as fast as the clock (`position-unit`)',
  threshold: '2 sessions, and 1 % of all',
  mend: 'Divide the Position by 1000: many players’ APIs give milliseconds, HTML audio’s currentTime gives seconds.',
  rules: ['position-unit'],
  watch: () =>
    watchRule('position-unit', ({ sessions }) => sessions, {
      show: 'have audio that runs about a thousand times as fast as the clock',
    }),
});
