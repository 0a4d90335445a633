import { beginningHash } from './content-hash.js';
import { defineCause, enough } from './define.js';
import { Shown } from './examples.js';
import { SURE } from './rule-fired.js';
import { sessionsOf } from './sentence.js';

const MOST_REMEMBERED = 10_000;

export const listenerLeftOn = defineCause({
  id: 'listener-left-on',
  title: 'A listener of an ended session goes on recording',
  sees: 'a Stop that an earlier session of the same player has too (`event-leaked`: HAR captures); not where a session before begins with the same event, and may be the same play',
  threshold: '2 sessions, and 1 % of all',
  mend: 'Remove a session’s listeners (pause, ended, pagehide) when it ends, before those of the next are added; an AbortController for each session does it at once.',
  rules: ['event-leaked'],
  watch() {
    const shown = new Shown();
    // Of the newest sessions; most inputs hold no requests.
    let beginnings: Float64Array | undefined;
    let noted = 0;
    const note = (beginning: number): void => {
      beginnings ??= new Float64Array(MOST_REMEMBERED).fill(-1);
      beginnings[noted % MOST_REMEMBERED] = beginning;
      noted += 1;
    };
    return {
      look({ session, fired, course }) {
        if (!course || session.request === null) return;
        const beginning = beginningHash(course);
        if (fired.has('event-leaked') && !beginnings?.includes(beginning)) shown.add(session.key);
        note(beginning);
      },
      takeFirst: (course) => note(beginningHash(course)),
      end({ sessions }) {
        if (!enough(shown.sessions, sessions, SURE)) return null;
        const evidence = `${sessionsOf(shown.sessions, sessions)} hold a Stop that stands in an earlier session too, at the same second and the same thousandth of a second of audio.`;
        return { sessions: shown.sessions, of: sessions, evidence, examples: shown.examples };
      },
    };
  },
});
