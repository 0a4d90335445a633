import { changeAll, eventsExample, FIXED_AS_MINUTE, MINUTE } from '../../guide/guide.js';
import { defineRule, type Problem } from '../define.js';

export const seqStart = defineRule({
  id: 'seq-start',
  level: 'session',
  needs: 'valid',
  severity: 'error',
  title: 'The lowest SeqNumber is not 1',
  why: 'SeqNumbers start from 1: the first events of the session are missing, or the counter was not reset.',
  mend: 'Reset the counter when a session starts, and check whether the first events were sent in an earlier request.',
  reference: 'API-12',
  check({ seqNumbers }, report) {
    const lowest = seqNumbers[0]!;
    if (lowest === 1) return;
    report(0, problemWith(lowest));
  },
  guide: () => ({
    firesWhen: 'the lowest SeqNumber is not 1',
    inferred: null,
    broken: eventsExample(changeAll(MINUTE, (_, i) => ({ SeqNumber: i + 3 }))),
    ...FIXED_AS_MINUTE,
    cites: ['if (moves && !note)', 'return (id'],
  }),
});

function problemWith(lowest: number): () => Problem {
  return () => ({ expected: 'SeqNumbers from 1', received: `a lowest SeqNumber of ${lowest}` });
}
