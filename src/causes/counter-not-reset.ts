import { count } from '../rules/words.js';
import type { Course } from './course.js';
import { defineCause } from './define.js';
import { Shown } from './examples.js';
import { chained, type Numbered } from './number-chains.js';
import { sessionsOf } from './sentence.js';

/** So many, or a tenth of all sessions where that is more, up to `ENOUGH`. */
const LEAST = 2;
const ENOUGH = 10;
const CLEARER = 4;
const LEAST_ASTRAY = 0.1;
const MOST_LATE = 8192;
const MOST_EARLY = 4096;

export const counterNotReset = defineCause({
  id: 'counter-not-reset',
  title: 'SeqNumber runs on from one session to the next',
  sees: 'the lowest SeqNumber is not 1 (`seq-start`), the first event a Start, and another session that ended before has the number before it as its highest; three such sessions or more one after the other',
  threshold:
    '2 sessions that go on so, and a tenth of all (10 are enough). Of many sessions one has any number: so it is counted, too, how many would seem to go on had the counter jumped by 2, ahead or back. Of those that begin late, half (or 10) and a tenth must not seem so, and at most a quarter as many may truly not go on',
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
      end({ sessions }) {
        const all = [...late, ...(early ?? [])];
        const going = chained(all, 0);
        const least = Math.max(LEAST, Math.min(ENOUGH, sessions / 10));
        if (going.length < least || !isClear(all, late.length, going.length)) return null;
        const shown = new Shown();
        for (const key of going) shown.add(key);
        const evidence = `${sessionsOf(shown.sessions, late.length, 'that begin at another SeqNumber than 1')} go on where a session before ended, in rows of ${count(3, 'session')} or more.`;
        return { sessions: shown.sessions, of: late.length, evidence, examples: shown.examples };
      },
    };
  },
});

/** Whether numbers that are 2 off meet much more rarely: of many sessions some has any number. */
function isClear(all: readonly Numbered[], late: number, going: number): boolean {
  const astray = late - Math.max(chained(all, 2).length, chained(all, -2).length);
  return (
    astray >= Math.min(ENOUGH, late) && astray >= LEAST_ASTRAY * late && CLEARER * (late - going) <= astray
  );
}

function numbered({ lowestSeq, highestSeq, firstMs, lastMs }: Course, late: string | null): Numbered {
  return { lowest: lowestSeq, highest: highestSeq, firstMs, lastMs, late };
}
