import { LENGTH_UNKNOWN_AFTER, toMs } from '../../domain/listening.js';
import { eventsExample, exampleSession, LISTENING_FIELDS, MINUTE } from '../../guide/guide.js';
import { defineRule, type Problem } from '../define.js';
import { secs } from '../words.js';

export const sessionTooShort = defineRule({
  id: 'session-too-short',
  level: 'session',
  needs: 'order',
  unless: LENGTH_UNKNOWN_AFTER,
  severity: 'info',
  title: 'Less played than the portal shows',
  why: 'Sessions totalling less than 10 seconds are filtered from consumption analytics.',
  mend: 'No fault: it will not show. Where most sessions are like this, look whether a session ends with every pause or seek.',
  reference: 'API-7',
  check({ listening: { playedMs } }, report, { minDuration }) {
    if (playedMs >= toMs(minDuration)) return;
    report(0, problemWith(playedMs, minDuration));
  },
  guide: () => ({
    firesWhen:
      'under 10 s were played (--min-duration), and the session has no stop-without-start, start-without-stop, session-open, position-reversed or position-unit',
    inferred: null,
    broken: eventsExample(
      exampleSession([
        ['Start', 0, 0],
        ['Stop', 4.5, 4],
      ]),
    ),
    mended: eventsExample(MINUTE),
    shows: LISTENING_FIELDS,
  }),
});

function problemWith(playedMs: number, minDuration: number): () => Problem {
  return () => ({ expected: `at least ${minDuration} s played`, received: secs(playedMs) });
}
