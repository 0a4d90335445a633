import { defineRule } from '../define.js';
import { secs } from '../words.js';

const TOLERANCE_MS = 1000;

export const timestampReversed = defineRule({
  id: 'timestamp-reversed',
  level: 'session',
  needs: 'order',
  severity: 'warning',
  title: 'Time runs backwards between two events',
  why: 'Timestamp is the moment the event was emitted, and SeqNumbers rise with it: the two do not agree.',
  mend: 'Stamp and number an event in one place, when it happens. A device clock that was set back looks like this too.',
  reference: 'API-13',
  check({ listening: { kept } }, report) {
    kept.forEach(({ event, timestampMs }, i) => {
      const before = kept[i - 1];
      if (!before || before.timestampMs - timestampMs <= TOLERANCE_MS) return;
      report({
        at: event,
        expected: `a Timestamp of at least that of SeqNumber ${before.event.sound.seqNumber} (${before.event.sound.timestamp})`,
        received: `${event.sound.timestamp}, ${secs(before.timestampMs - timestampMs)} before it`,
      });
    });
  },
});
