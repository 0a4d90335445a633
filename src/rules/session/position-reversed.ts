import { eventsExample, exampleSession, LISTENING_FIELDS } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { secs } from '../words.js';

const TOLERANCE_MS = 1000;

export const positionReversed = defineRule({
  id: 'position-reversed',
  level: 'session',
  needs: 'order',
  severity: 'warning',
  title: 'A Stop is before its Start on the timeline',
  why: 'Playback runs forward from a Start to its Stop: a jump back in between was not reported.',
  mend: 'On a seek, emit Stop at the old position (before currentTime changes) and Start at the new one.',
  reference: 'API-10, API-11',
  check({ listening: { intervalCount, intervalStops, kept, positionsMs, audioMs } }, report) {
    for (let n = 0; n < intervalCount; n += 1) {
      if (audioMs[n]! >= -TOLERANCE_MS) continue;
      const stop = intervalStops[n]!;
      report(kept[stop]!, () => ({
        expected: `a Stop at or after its Start at ${secs(positionsMs[stop - 1]!)}`,
        received: secs(positionsMs[stop]!),
      }));
    }
  },
  guide: () => ({
    firesWhen: 'the Stop.Position of an interval is more than 1 s before its Start.Position',
    inferred: 'That playback runs forward; the tolerance of 1 s.',
    broken: eventsExample(
      exampleSession([
        ['Start', 300, 0],
        ['Stop', 42, 30],
      ]),
    ),
    fixed: eventsExample(
      exampleSession([
        ['Start', 300, 0],
        ['Stop', 312.5, 12],
        ['Start', 24, 12],
        ['Stop', 42, 30],
      ]),
    ),
    shows: LISTENING_FIELDS,
    cites: ['const jumped', 'return (moves'],
  }),
});
