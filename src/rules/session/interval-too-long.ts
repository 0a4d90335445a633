import { eventsExample, exampleSession, LISTENING_FIELDS } from '../../guide/guide.js';
import { clipDurationOf, defineRule } from '../define.js';
import { secs } from '../words.js';

const LONGEST_MS = 108_000_000;
const TOLERANCE_MS = 1000;

export const intervalTooLong = defineRule({
  id: 'interval-too-long',
  level: 'session',
  needs: 'order',
  unless: ['position-unit', 'table-unit'],
  severity: 'warning',
  title: 'More than 30 hours of audio between a Start and its Stop',
  why: 'Few clips are this long. Positions in another unit look like this, and would count as listening that never happened.',
  mend: 'Report positions in seconds. If the clip is that long, give its duration with --clips.',
  reference: 'API-11',
  check(session, report, settings) {
    const { intervalCount, intervalStops, kept, audioMs, clockMs } = session.listening;
    for (let n = 0; n < intervalCount; n += 1) {
      const audio = audioMs[n]!;
      if (audio <= LONGEST_MS) continue;
      const durationMs = clipDurationOf(session, settings) * 1000;
      if (audio <= durationMs + TOLERANCE_MS) continue;
      const clock = Math.max(0, clockMs[n]!);
      const stop = kept[intervalStops[n]!]!;
      const held = settings.maxSpeed * (clock + TOLERANCE_MS) + TOLERANCE_MS;
      if (!session.hasDerivedClock(stop) && audio <= held) continue;
      report(stop, () => ({
        expected: 'at most 108,000 s (30 h) of audio in an interval',
        received: secs(audio),
      }));
    }
  },
  guide: () => ({
    firesWhen:
      'an interval has over 108,000 s (30 h) of audio, and more than 4 * (max(0, clock) + 1) + 1 (--max-speed sets the 4), and more than the clip’s duration plus 1 s, if that is known. Not reported if position-unit or table-unit is',
    inferred: 'The limit of 30 h.',
    broken: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Stop', 200_000, 61],
      ]),
    ),
    fixed: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Stop', 61.25, 61],
      ]),
    ),
    shows: LISTENING_FIELDS,
  }),
});
