import { changeOne, eventsExample, FIXED_AS_MINUTE, MINUTE } from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { pointerTo, shown } from '../words.js';

export const positionRange = defineRule({
  id: 'position-range',
  level: 'event',
  sees: 'columns',
  severity: 'error',
  title: 'Position is negative or not finite',
  why: 'Position is a place on the audio timeline, in seconds from its beginning.',
  mend: 'Take the player’s current time when the event happens; the offset of a live stream, or a time that is not known yet, is not a position.',
  reference: 'API-11',
  check({ positions }, from, to, report) {
    for (let i = from; i < to; i += 1) {
      const position = positions[i]!;
      if (!(position < 0 || position === Number.POSITIVE_INFINITY)) continue;
      report(i, pointerTo('Position'), () => ({
        expected: 'a Position of at least 0 seconds',
        received: shown(position),
      }));
    }
  },
  guide: () => ({
    firesWhen: 'Position is negative or not finite',
    inferred: 'That a timeline begins at 0.',
    broken: eventsExample(changeOne(MINUTE, 0, { Position: -1 })),
    ...FIXED_AS_MINUTE,
  }),
});
