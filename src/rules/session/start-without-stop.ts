import { defineRule } from '../define.js';

export const startWithoutStop = defineRule({
  id: 'start-without-stop',
  level: 'session',
  needs: 'order',
  severity: 'error',
  title: 'A Start while it already plays',
  why: 'Between two Starts a Stop is missing: how far was heard from the first one is not known.',
  mend: 'Emit Stop at the position that is left before every seek, pause, stall and change of clip.',
  reference: 'API-10',
  check({ listening: { kept } }, report) {
    kept.forEach(({ event, type }, i) => {
      const before = kept[i - 1];
      if (type !== 'Start' || before?.type !== 'Start') return;
      report({
        at: event,
        expected: `a Stop after the Start at ${before.event.sound.position} s`,
        received: `a Start at ${event.sound.position} s`,
      });
    });
  },
});
