import { eventsExample, exampleSession, LISTENING_FIELDS, WITH_JUMP } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { secs } from '../words.js';

const TOLERANCE_MS = 1000;

export const timestampReversed = defineRule({
  id: 'timestamp-reversed',
  level: 'session',
  needs: 'order',
  unless: ['digits-lost'],
  severity: 'warning',
  title: 'Time runs backwards between two events',
  why: 'Timestamp is the moment the event was emitted, and SeqNumbers rise with it: the two do not agree.',
  mend: 'Stamp and number an event in one place, when it happens. A device clock that was set back also looks like this.',
  reference: 'API-13',
  check({ seqNumbers, timestamps, listening: { kept, timestampsMs, keptCount } }, report) {
    for (let n = 1; n < keptCount; n += 1) {
      const backMs = timestampsMs[n - 1]! - timestampsMs[n]!;
      if (backMs <= TOLERANCE_MS) continue;
      const before = kept[n - 1]!;
      const at = kept[n]!;
      report(at, () => ({
        expected: `a Timestamp of at least that of SeqNumber ${seqNumbers[before]} (${timestamps[before]})`,
        received: `${timestamps[at]}, ${secs(backMs)} before it`,
      }));
    }
  },
  guide: () => ({
    firesWhen:
      'a Timestamp is more than 1 s before the Timestamp of the previous event, in order of SeqNumber',
    inferred: 'That SeqNumbers and Timestamps rise together; the tolerance of 1 s.',
    broken: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Stop', 61.25, 61],
        ['Start', 300, 30],
        ['Stop', 420.5, 151],
      ]),
    ),
    fixed: eventsExample(WITH_JUMP),
    shows: LISTENING_FIELDS,
    cites: ['const emit'],
  }),
});
