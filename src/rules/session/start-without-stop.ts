import { eventsExample, exampleSession, LISTENING_FIELDS, ON_CHANGE, WITH_JUMP } from '../../guide/guide.js';
import { defineRule } from '../define.js';

export const startWithoutStop = defineRule({
  id: 'start-without-stop',
  level: 'session',
  needs: 'order',
  severity: 'error',
  title: 'A Start while it already plays',
  why: 'Between two Starts a Stop is missing: how far was heard from the first one is not known.',
  mend: 'Emit Stop at the position that is left before every seek, pause, stall and change of clip.',
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
    firesWhen: 'a Start while it already plays, not a repeated-event',
    inferred: 'That Start and Stop take turns: the document only says what each means.',
    broken: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Start', 300, 61],
        ['Stop', 420.5, 182],
      ]),
    ),
    fixed: eventsExample(WITH_JUMP),
    shows: LISTENING_FIELDS,
    code: ON_CHANGE,
  }),
});
