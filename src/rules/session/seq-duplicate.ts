import { changeAll, eventsExample, LISTENING_FIELDS, WITH_JUMP } from '../../guide/guide.js';
import { defineRule } from '../define.js';

export const seqDuplicate = defineRule({
  id: 'seq-duplicate',
  level: 'session',
  needs: 'valid',
  severity: 'error',
  title: 'A SeqNumber is used more than once',
  why: 'SeqNumber orders events that share a timestamp. If it is used twice, the order of the session is unknown.',
  mend: 'Raise the counter synchronously with each event (not in batched UI state), and never use a SessionId twice.',
  reference: 'API-12',
  check({ repeatsNumber, count, seqNumbers }, report) {
    if (!repeatsNumber) return;
    let run = 1;
    for (let i = 1; i < count; i += 1) {
      const seqNumber = seqNumbers[i]!;
      run = seqNumbers[i - 1] === seqNumber ? run + 1 : 1;
      if (run !== 2) continue;
      report(i, () => ({ expected: 'each SeqNumber once', received: `SeqNumber ${seqNumber} again` }));
    }
  },
  guide: () => ({
    firesWhen:
      'a SeqNumber is used more than once (one finding per number). The order of the session is then unknown, so repeated-event and the rules after it are not applied to the session',
    inferred: null,
    broken: eventsExample(changeAll(WITH_JUMP, (_, i) => ({ SeqNumber: [1, 2, 2, 3][i] }))),
    fixed: eventsExample(WITH_JUMP),
    shows: LISTENING_FIELDS,
    cites: ['const emit'],
  }),
});
