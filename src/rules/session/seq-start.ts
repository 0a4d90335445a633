import { defineRule } from '../define.js';

export const seqStart = defineRule({
  id: 'seq-start',
  level: 'session',
  needs: 'sound',
  severity: 'error',
  title: 'The lowest SeqNumber is not 1',
  why: 'SeqNumbers start from 1: the first events of the session are missing, or the counter was not reset.',
  mend: 'Reset the counter when a session begins, and look whether the first events were sent in an earlier request.',
  reference: 'API-12',
  check({ events: [first] }, report) {
    if (first && first.sound.seqNumber !== 1) {
      report({
        at: first,
        expected: 'SeqNumbers from 1',
        received: `${first.sound.seqNumber} as the lowest`,
      });
    }
  },
});
