import { eventsExample, exampleSession, LISTENING_FIELDS } from '../../guide/guide.js';
import { defineRule, type Problem } from '../define.js';
import { secs } from '../words.js';

const CLOCK_TOLERANCE_MS = 1000;
const AUDIO_TOLERANCE_MS = 1000;
/** A Start and Stop in the same second were probably stamped together. */
const AT_ONCE_MS = 1000;

const MEND =
  'On a seek, emit Stop at the old position and Start at the new one. Set the highest speed to accept with --max-speed.';
const STAMPED_AT_FLUSH = `Take the Timestamp when the event happens, not when the events are sent. Or a jump was not reported: ${MEND[0]!.toLowerCase()}${MEND.slice(1)}`;

export const playbackTooFast = defineRule({
  id: 'playback-too-fast',
  level: 'session',
  needs: 'order',
  unless: [
    'timestamps-at-flush',
    'timestamps-at-send',
    'position-unit',
    'interval-too-long',
    'table-unit',
    'digits-lost',
  ],
  severity: 'warning',
  title: 'More audio between a Start and its Stop than the clock allows',
  why: 'No usual speed plays this much audio in that time. A jump ahead was probably not reported, and counts as heard.',
  mend: MEND,
  reference: 'API-10, API-13',
  check(session, report, { maxSpeed }) {
    const { intervalCount, intervalStops, kept, audioMs, clockMs } = session.listening;
    for (let n = 0; n < intervalCount; n += 1) {
      const audio = audioMs[n]!;
      const clock = clockMs[n]!;
      if (clock < -CLOCK_TOLERANCE_MS) continue;
      const most = maxSpeed * (Math.max(0, clock) + CLOCK_TOLERANCE_MS) + AUDIO_TOLERANCE_MS;
      if (audio <= most) continue;
      const stop = kept[intervalStops[n]!]!;
      if (session.hasDerivedClock(stop)) continue;
      report(stop, problemWith(audio, clock, most));
    }
  },
  guide: () => ({
    firesWhen:
      'an interval with a clock of at least -1 s has Stop.Position - Start.Position > 4 * (max(0, clock) + 1) + 1; --max-speed sets the 4. Not reported if timestamps-at-flush, timestamps-at-send, position-unit or interval-too-long is',
    inferred: 'The highest speed to accept, 4, and its tolerance.',
    broken: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Stop', 420.5, 61],
      ]),
    ),
    fixed: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Stop', 30.25, 30],
        ['Start', 389.5, 30],
        ['Stop', 420.5, 61],
      ]),
    ),
    shows: LISTENING_FIELDS,
    cites: ['return (moves'],
  }),
});

function problemWith(audio: number, clock: number, most: number): () => Problem {
  return () => ({
    expected: `at most ${secs(most)} of audio in ${secs(clock)}`,
    received: secs(audio),
    ...(clock >= 0 && clock <= AT_ONCE_MS && { hint: STAMPED_AT_FLUSH }),
  });
}
