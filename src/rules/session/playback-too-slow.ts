import { longestClockMs } from '../../domain/listening.js';
import { eventsExample, exampleSession, LISTENING_FIELDS } from '../../guide/guide.js';
import { defineRule, type Problem } from '../define.js';
import { secs } from '../words.js';

export const playbackTooSlow = defineRule({
  id: 'playback-too-slow',
  level: 'session',
  needs: 'order',
  unless: ['digits-lost', 'table-unit'],
  severity: 'info',
  title: 'Much more time than audio between a Start and its Stop',
  why: 'A pause that was not reported as a Stop looks like this; so does long buffering.',
  mend: 'Emit Stop on pause and on stalls, and Start when playback continues.',
  reference: 'API-10, API-14',
  check(session, report) {
    const { intervalCount, intervalStops, kept, audioMs, clockMs } = session.listening;
    for (let n = 0; n < intervalCount; n += 1) {
      const audio = audioMs[n]!;
      const clock = clockMs[n]!;
      if (clock <= longestClockMs(audio)) continue;
      const stop = kept[intervalStops[n]!]!;
      if (session.hasDerivedClock(stop)) continue;
      report(stop, problemWith(audio, clock));
    }
  },
  guide: () => ({
    firesWhen:
      'an interval has a clock > 2 * (Stop.Position - Start.Position) + 60. A negative difference counts as 0',
    inferred: 'The lowest speed to accept, and its tolerance.',
    broken: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Stop', 61.25, 3661],
      ]),
    ),
    fixed: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Stop', 30.25, 30],
        ['Start', 30.25, 3630],
        ['Stop', 61.25, 3661],
      ]),
    ),
    shows: LISTENING_FIELDS,
    cites: ['const names', 'const moves'],
  }),
});

function problemWith(audio: number, clock: number): () => Problem {
  return () => ({
    expected: `at most ${secs(longestClockMs(audio))} for ${secs(audio)} of audio`,
    received: secs(clock),
  });
}
