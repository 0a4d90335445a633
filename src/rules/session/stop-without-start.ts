import { eventsExample, exampleSession, LISTENING_FIELDS, WITH_JUMP } from '../../guide/guide.js';
import { defineRule } from '../define.js';

const MEND =
  'Emit Start when audio starts to play (the `playing` event), also after a seek, and keep it in the queue.';
const MOVED_WHILE_PAUSED = `${MEND} Nothing needs to be reported when a listener seeks while paused: emit Stop only while audio plays.`;

export const stopWithoutStart = defineRule({
  id: 'stop-without-start',
  level: 'session',
  needs: 'order',
  severity: 'error',
  title: 'A Stop while nothing plays',
  why: 'Playback can stop only after it started, so it is unknown what was played before this Stop.',
  mend: MEND,
  reference: 'API-10',
  check({ positions, listening: { kept, stops, keptCount } }, report) {
    for (let n = 0; n < keptCount; n += 1) {
      if (stops[n] === 0 || (n > 0 && stops[n - 1] === 0)) continue;
      const before = n > 0 ? kept[n - 1]! : -1;
      report(kept[n]!, () => ({
        expected: 'a Start before this Stop',
        received: before < 0 ? 'the Stop as the first event' : `a Stop at ${positions[before]} s before it`,
        ...(before >= 0 && { hint: MOVED_WHILE_PAUSED }),
      }));
    }
  },
  guide: () => ({
    firesWhen: 'a Stop while nothing plays, unless it is a repeated-event',
    inferred: 'That Start and Stop alternate: the document only says what each means.',
    broken: eventsExample(
      exampleSession([
        ['Stop', 61.25, 61],
        ['Start', 300, 61],
        ['Stop', 420.5, 182],
      ]),
    ),
    fixed: eventsExample(WITH_JUMP),
    shows: LISTENING_FIELDS,
    cites: ['return (moves'],
  }),
});
