import { changeAll, eventsExample, FIXED_AS_MINUTE, MINUTE } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { pointerTo, shown } from '../words.js';

export const seqRange = defineRule({
  id: 'seq-range',
  level: 'event',
  sees: 'columns',
  severity: 'error',
  title: 'SeqNumber is not a whole number of at least 1',
  why: 'SeqNumbers count the events of a session from 1; they order events that share a timestamp.',
  mend: 'Start a counter at 1 for every session and raise it by one for each event.',
  reference: 'API-12',
  check({ seqNumbers }, from, to, report) {
    for (let i = from; i < to; i += 1) {
      const seqNumber = seqNumbers[i]!;
      if ((seqNumber >= 1 && Number.isInteger(seqNumber)) || Number.isNaN(seqNumber)) continue;
      report(i, pointerTo('SeqNumber'), () => ({
        expected: 'a whole SeqNumber of at least 1',
        received: shown(seqNumber),
        ...(seqNumber === 0 && {
          hint: 'The counter starts at 0: the first event of a session has SeqNumber 1.',
        }),
      }));
    }
  },
  guide: () => ({
    firesWhen: 'SeqNumber is not a whole number of at least 1',
    inferred: null,
    broken: eventsExample(changeAll(MINUTE, (_, i) => ({ SeqNumber: i }))),
    ...FIXED_AS_MINUTE,
    cites: ['const emit'],
  }),
});
