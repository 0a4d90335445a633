import { LENGTH_UNKNOWN_AFTER, SLOWEST, toMs } from '../../domain/listening.js';
import { eventsExample, exampleSession, FIXED_AS_MINUTE } from '../../guide/guide.js';
import { defineRule, observedClockMs, type Problem } from '../define.js';
import { secs } from '../words.js';

function hintOfSlow(clockMs: number): string {
  return `By the clock, ${secs(clockMs)} passed between its Starts and Stops: check whether Position is in seconds and is read when each event is made, and whether pauses are reported as a Stop.`;
}

export const sessionTooShort = defineRule({
  id: 'session-too-short',
  level: 'session',
  needs: 'order',
  unless: [...LENGTH_UNKNOWN_AFTER, 'digits-lost'],
  severity: 'info',
  title: 'Less played than the portal shows',
  why: 'Sessions totalling less than 10 seconds are filtered from consumption analytics.',
  mend: 'This is not an error: the session will not show. If most sessions are like this, check whether a pause or seek ends the session.',
  reference: 'API-7',
  check(session, report, { minDuration }) {
    const { playedMs } = session.listening;
    if (playedMs >= toMs(minDuration)) return;
    report(0, problemWith(playedMs, minDuration, observedClockMs(session)));
  },
  guide: () => ({
    firesWhen:
      'under 10 s were played (--min-duration), and the session has no stop-without-start, start-without-stop, session-open, position-reversed, position-unit or nothing-heard, and the input has no digits-lost',
    inferred: null,
    broken: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Stop', 4.5, 4],
      ]),
    ),
    ...FIXED_AS_MINUTE,
  }),
});

function problemWith(playedMs: number, minDuration: number, clockMs: number): () => Problem {
  const slow = clockMs >= toMs(minDuration) && clockMs > SLOWEST * playedMs;
  return () => ({
    expected: `at least ${minDuration} s played`,
    received: secs(playedMs),
    ...(slow && { hint: hintOfSlow(clockMs) }),
  });
}
