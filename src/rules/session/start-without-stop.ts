import { eventsExample, exampleSession, LISTENING_FIELDS, WITH_JUMP } from '../../guide/guide.js';
import { defineRule } from '../define.js';

export const startWithoutStop = defineRule({
  id: 'start-without-stop',
  level: 'session',
  needs: 'order',
  severity: 'error',
  title: 'A Start while audio already plays',
  why: 'A Stop is missing between two Starts, so it is unknown how far the first one played.',
  mend: 'Emit Stop at the old position before every seek, pause, stall and change of clip.',
  reference: 'API-10',
  check({ positions, listening: { kept, stops, keptCount } }, report) {
    for (let n = 1; n < keptCount; n += 1) {
      if (stops[n] === 1 || stops[n - 1] === 1) continue;
      const before = kept[n - 1]!;
      const at = kept[n]!;
      report(at, () => ({
        expected: `a Stop after the Start at ${positions[before]} s`,
        received: `a Start at ${positions[at]} s`,
      }));
    }
  },
  guide: () => ({
    firesWhen: 'a Start while audio already plays, unless it is a repeated-event',
    inferred: 'That Start and Stop alternate: the document only says what each means.',
    broken: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Start', 300, 61],
        ['Stop', 420.5, 182],
      ]),
    ),
    fixed: eventsExample(WITH_JUMP),
    shows: LISTENING_FIELDS,
    cites: ['return (moves'],
  }),
});
