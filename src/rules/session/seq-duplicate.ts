import { defineRule } from '../define.js';

export const seqDuplicate = defineRule({
  id: 'seq-duplicate',
  level: 'session',
  needs: 'sound',
  severity: 'error',
  title: 'A SeqNumber stands more than once',
  why: 'SeqNumber orders events that share a timestamp; where it stands twice, the order of the session is not known.',
  mend: 'Raise the counter synchronously with each event (not in batched UI state), and never make a SessionId twice.',
  reference: 'API-12',
  check({ events }, report) {
    let run = 1;
    events.forEach((event, i) => {
      run = i > 0 && events[i - 1]?.sound.seqNumber === event.sound.seqNumber ? run + 1 : 1;
      if (run === 2) {
        report({
          at: event,
          expected: 'each SeqNumber once',
          received: `SeqNumber ${event.sound.seqNumber} again`,
        });
      }
    });
  },
});
