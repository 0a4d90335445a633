import { changeOne, eventsExample, FIXED_AS_MINUTE, MINUTE, STARTED_AT } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { pointerTo, shown } from '../words.js';
import { isOtherUnit } from './timestamp-unit.js';

export const timestampFraction = defineRule({
  id: 'timestamp-fraction',
  level: 'event',
  sees: 'columns',
  severity: 'warning',
  title: 'Timestamp is not whole',
  why: 'The document’s timestamps are whole seconds; whether fractions are accepted is not documented.',
  mend: 'Use Math.floor(Date.now() / 1000).',
  reference: 'API-13',
  check({ timestamps }, from, to, report) {
    for (let i = from; i < to; i += 1) {
      const timestamp = timestamps[i]!;
      if (Number.isInteger(timestamp) || isOtherUnit(timestamp)) continue;
      report(i, pointerTo('Timestamp'), () => ({
        expected: 'a Timestamp of whole seconds',
        received: shown(timestamp),
      }));
    }
  },
  guide: () => ({
    firesWhen: 'Timestamp is not a whole number. Not reported if timestamp-unit is',
    inferred: 'That Timestamps are whole: all those in the document’s examples are.',
    broken: eventsExample(changeOne(MINUTE, 1, { Timestamp: STARTED_AT + 61.25 })),
    ...FIXED_AS_MINUTE,
    cites: ['const emit'],
  }),
});
