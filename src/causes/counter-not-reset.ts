import { count } from '../rules/words.js';
import type { Course } from './course.js';
import { defineCause } from './define.js';
import { Shown } from './examples.js';
import { chained, type Numbered } from './number-chains.js';
import { sessionsOf } from './sentence.js';

const LEAST_CHAINED = 2;
const LEAST_SHARE = 0.5;
const TIMES_BY_CHANCE = 4;
const MOST_LATE = 8192;
const MOST_EARLY = 4096;

export const counterNotReset = defineCause({
  id: 'counter-not-reset',
  title: 'SeqNumber runs on from one session to the next',
  sees: 'the lowest SeqNumber is not 1 (`seq-start`), the first event a Start, and another session that ended before has the number before it as its highest; three such sessions or more one after the other',
  threshold:
    '2 sessions that go on so, half of those that begin with a Start at another number than 1, and 4 times as many as would seem so if the counter had jumped by 2 ahead or back (where sessions are many, numbers meet by chance)',
  mend: 'Set the counter to 0 where the SessionId is made, so that the first event of each session has SeqNumber 1.',
  rules: ['seq-start'],
  watch() {
    const late: Numbered[] = [];
    let early: Numbered[] | null = [];
    return {
      take(course) {
        if (course.lowestSeq !== 1) {
          if (course.beginsWithStart && late.length < MOST_LATE) late.push(numbered(course, course.key));
        } else if (early !== null) {
          // Among so many all numbers are met by chance.
          if (early.length === MOST_EARLY) early = null;
          else early.push(numbered(course, null));
        }
      },
      end() {
        const all = [...late, ...(early ?? [])];
        const going = chained(all, 0);
        const byChance = Math.max(chained(all, 2).length, chained(all, -2).length);
        if (going.length < Math.max(LEAST_CHAINED, LEAST_SHARE * late.length)) return null;
        if (going.length < TIMES_BY_CHANCE * byChance) return null;
        const shown = new Shown();
        for (const key of going) shown.add(key);
        const evidence = `${sessionsOf(shown.sessions, late.length, 'that begin at another SeqNumber than 1')} go on where a session before ended, in rows of ${count(3, 'session')} or more.`;
        return { sessions: shown.sessions, of: late.length, evidence, examples: shown.examples };
      },
    };
  },
});

function numbered({ lowestSeq, highestSeq, firstMs, lastMs }: Course, late: string | null): Numbered {
  return { lowest: lowestSeq, highest: highestSeq, firstMs, lastMs, late };
}
