import { defineRule } from '../define.js';

export const stopWithoutStart = defineRule({
  id: 'stop-without-start',
  level: 'session',
  needs: 'order',
  severity: 'error',
  title: 'A Stop while nothing plays',
  why: 'Playback stops only where it has started: what was heard before this Stop is not known.',
  mend: 'Emit Start when audio really begins (the `playing` event), also after a seek, and keep it in the queue.',
  reference: 'API-10',
  check({ listening: { kept } }, report) {
    kept.forEach(({ event, type }, i) => {
      const before = kept[i - 1];
      if (type !== 'Stop' || before?.type === 'Start') return;
      report({
        at: event,
        expected: 'a Start before this Stop',
        received: before ? `a Stop at ${before.event.sound.position} s before it` : 'it as the first event',
      });
    });
  },
});
