import { eventsExample, exampleSession, FIXED_AS_MINUTE } from '../../guide/guide.js';
import { defineRule } from '../define.js';

export const repeatedEvent = defineRule({
  id: 'repeated-event',
  level: 'session',
  needs: 'order',
  severity: 'info',
  title: 'An event repeats the one before it',
  why: 'Players often report a Start on play and once more on playing, or a Stop on pause and once more when the page unloads. The repeated event is ignored by the other rules and by report.',
  mend: 'Nothing is lost. Remember whether playback is on, and emit only on a change.',
  reference: 'API-10, OBS-2',
  check(session, report) {
    const { repeated } = session.listening;
    for (let n = 0; n < repeated.length; n += 1) {
      const at = repeated[n]!;
      const type = session.isStop(at) ? 'Stop' : 'Start';
      const position = session.positions[at]!;
      report(at, () => ({
        expected: `no second ${type} directly after one at the same position`,
        received: `another ${type} at ${position} s`,
      }));
    }
  },
  guide: () => ({
    firesWhen:
      'a Start follows a Start within 60 s, or a Stop follows a Stop at any later time, at a Position within 1 s. Examples: a Start on play and again on playing; a Stop on pause and again when the page unloads. Each event is compared with the last event that was not ignored. The rules below and report ignore the repeated event',
    inferred: 'That the later event adds nothing, and the limits of 60 s and 1 s.',
    broken: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Stop', 61.25, 61],
        ['Stop', 61.25, 3600],
      ]),
    ),
    ...FIXED_AS_MINUTE,
    cites: ['return (moves'],
  }),
});
