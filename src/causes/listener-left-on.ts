import { NewestMap } from '../domain/newest-map.js';
import { contentHash } from './content-hash.js';
import type { Course } from './course.js';
import { defineCause, enough } from './define.js';
import { Shown } from './examples.js';
import { SURE } from './rule-fired.js';
import { sessionsOf } from './sentence.js';

const MOST_REMEMBERED = 10_000;

export const listenerLeftOn = defineCause({
  id: 'listener-left-on',
  title: 'A listener of an ended session goes on recording',
  sees: 'a Stop that an earlier session of the same player has too (`event-leaked`: HAR captures), the sessions otherwise not the same',
  threshold: '2 sessions, and 1 % of all',
  mend: 'Remove a session’s listeners (pause, ended, pagehide) when it ends, before those of the next are added; an AbortController for each session does it at once.',
  rules: ['event-leaked'],
  watch() {
    const shown = new Shown();
    const contents = new NewestMap<string, true>();
    return {
      look({ session, fired, course }) {
        if (!course || session.request === null) return;
        const content = contentOf(course);
        if (fired.has('event-leaked') && !contents.get(content)) shown.add(session.key);
        contents.set(content, true);
        if (contents.size > MOST_REMEMBERED) contents.forgetOldest();
      },
      end({ sessions }) {
        if (!enough(shown.sessions, sessions, SURE)) return null;
        const evidence = `${sessionsOf(shown.sessions, sessions)} hold a Stop that stands in an earlier session too, at the same second and the same thousandth of a second of audio.`;
        return { sessions: shown.sessions, of: sessions, evidence, examples: shown.examples };
      },
    };
  },
});

function contentOf(course: Course): string {
  const { a, b } = contentHash(course);
  return `${a} ${b}`;
}
