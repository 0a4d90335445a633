import { eventsExample, LISTENING_FIELDS, WITH_JUMP } from '../../guide/guide.js';
import { defineRule } from '../define.js';

export const sessionOpen = defineRule({
  id: 'session-open',
  level: 'session',
  needs: 'order',
  severity: 'warning',
  title: 'The session ends with a Start: no Stop was reported',
  why: 'What was played after the last Start is unknown. This is usual after a crash; otherwise the player did not report its last Stop.',
  mend: 'Emit Stop on pause, at the end of the clip and on page unload (`pagehide`), before the session is sent.',
  reference: 'API-14, API-15',
  check({ positions, listening: { kept, stops, keptCount } }, report) {
    const last = keptCount - 1;
    if (last < 0 || stops[last] === 1) return;
    const at = kept[last]!;
    const position = positions[at]!;
    report(at, () => ({ expected: 'a Stop as the last event', received: `a Start at ${position} s` }));
  },
  guide: () => ({
    firesWhen: 'the last event is a Start, so it is unknown what was played after it',
    inferred: 'That a completed session ends with a Stop.',
    broken: eventsExample(WITH_JUMP.slice(0, 3)),
    fixed: eventsExample(WITH_JUMP),
    shows: LISTENING_FIELDS,
    cites: ['const over', 'if (over'],
  }),
});
