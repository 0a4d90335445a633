import type { Session } from '../../domain/session.js';
import { eventsExample, exampleSession, FIXED_AS_MINUTE } from '../../guide/guide.js';
import { defineRule, observedClockMs } from '../define.js';
import { secs } from '../words.js';

/** Less than this counts as nothing played. */
const MIN_PLAYED_MS = 1000;
/** The finding needs two intervals that last this long by the clock, */
const LONG_CLOCK_MS = 10_000;
const LONG_INTERVALS = 2;
/** or, if Position never moves, intervals that together last this long. */
const STILL_CLOCK_MS = 30_000;

/**
 * The number of intervals of at least `LONG_CLOCK_MS`, and whether Position never moves. Ignores intervals whose clock was
 * derived from the audio.
 */
function measured(session: Session): { longs: number; still: boolean } {
  const { intervalCount, intervalStops, kept, audioMs, clockMs } = session.listening;
  let [longs, intervals, still] = [0, 0, true];
  for (let n = 0; n < intervalCount; n += 1) {
    if (session.hasDerivedClock(kept[intervalStops[n]!]!)) continue;
    intervals += 1;
    if (clockMs[n]! >= LONG_CLOCK_MS) longs += 1;
    if (audioMs[n]! !== 0) still = false;
  }
  return { longs, still: still && intervals > 0 };
}

export const nothingHeard = defineRule({
  id: 'nothing-heard',
  level: 'session',
  needs: 'order',
  unless: ['stop-without-start', 'start-without-stop', 'session-open', 'position-reversed'],
  severity: 'warning',
  title: 'Playback ran by the clock, but Position did not move',
  why: 'A Start and its Stop are at the same Position, so no audio was played between them by the data, and the play is lost.',
  mend: 'Read the position when each event is made (audio.currentTime, not a value kept from the start), and emit Start only once audio plays (the `playing` event).',
  reference: 'API-10, API-11',
  check(session, report) {
    const { kept, playedMs } = session.listening;
    if (playedMs >= MIN_PLAYED_MS) return;
    const clockMs = observedClockMs(session);
    const { longs, still } = measured(session);
    if (longs < LONG_INTERVALS && !(still && clockMs >= STILL_CLOCK_MS)) return;
    report(kept[0]!, () => ({
      expected: `audio in the ${secs(clockMs)} between its Starts and Stops`,
      received: secs(playedMs),
    }));
  },
  guide: () => ({
    firesWhen:
      'under 1 s was played, and one of these is true: two intervals or more last 10 s or more each by the clock; or every interval stops at the Position of its Start, and all intervals together last 30 s or more by the clock (negative clocks do not count). Not reported if stop-without-start, start-without-stop, session-open or position-reversed is',
    inferred: 'The limits of 1 s, 10 s and 30 s.',
    broken: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Stop', 0, 45],
      ]),
    ),
    ...FIXED_AS_MINUTE,
    cites: ['const moves', 'const events'],
  }),
});
