import { beginningHash } from './content.js';
import { CERTAIN, defineDiagnosis, shownIn } from './define.js';

const MAX_REMEMBERED = 10_000;

export const listenerLeftOn = defineDiagnosis({
  id: 'listener-left-on',
  severity: 'warning',
  title: 'A listener of an ended session goes on recording',
  sees: 'a Stop that an earlier session of the same player has too (`event-leaked`: HAR captures); not where a session before begins with the same event, and may be the same play',
  threshold: '2 sessions, and 1 % of all',
  mend: 'Remove a session’s listeners (pause, ended, pagehide) when it ends, before those of the next are added; an AbortController for each session does it at once.',
  rules: ['event-leaked'],
  watch() {
    // Of the newest sessions; most inputs hold no requests.
    let beginnings: Float64Array | undefined;
    let noted = 0;
    return {
      look(seen) {
        const { session, fired, listening } = seen;
        if (!listening || session.request === null) return false;
        const beginning = beginningHash(listening, seen.clipHash);
        beginnings ??= new Float64Array(MAX_REMEMBERED).fill(-1);
        const shows = fired.has('event-leaked') && !beginnings.includes(beginning);
        beginnings[noted % MAX_REMEMBERED] = beginning;
        noted += 1;
        return shows;
      },
      end: (part) =>
        shownIn(part, part.overview.sessions, CERTAIN, {
          show: 'hold a Stop that stands in an earlier session too, at the same second and the same thousandth of a second of audio',
        }),
    };
  },
});
