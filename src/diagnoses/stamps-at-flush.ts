import { defineDiagnosis, watchRule } from './define.js';

export const stampsAtFlush = defineDiagnosis({
  id: 'stamps-at-flush',
  title: 'The player stamps events when it sends them, not when they happen',
  sees: '15 s or more are played, all Timestamps lie within 1 s (`timestamps-at-flush`)',
  threshold: '2 sessions, and 1 % of those that play 15 s or more',
  mend: 'Take the Timestamp in the handler that makes the event, and keep it in the queue; do not stamp events while the body is built.',
  rules: ['timestamps-at-flush'],
  watch: () =>
    watchRule('timestamps-at-flush', ({ lasting }) => lasting, {
      which: 'that play 15 s or more',
      show: 'have all their Timestamps within 1 s',
    }),
});
