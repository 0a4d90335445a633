import type { Listening } from '../domain/listening.js';
import type { Session } from '../domain/session.js';
import { pluralize } from '../domain/text.js';
import { defineDiagnosis, ExampleCounter, sessionsOf } from './define.js';

/** So many, or a tenth of all sessions where that is more, up to `ENOUGH`. */
const LEAST = 2;
const ENOUGH = 10;
const CLEARER = 4;
const LEAST_ASTRAY = 0.1;
const MAX_LATE = 8192;
const MAX_EARLY = 4096;
const TOLERANCE_MS = 1000;
/** Rows from so many sessions on count. */
const LEAST_ROW = 3;

/** The numbers of a session, and when it was. */
interface Numbered {
  readonly lowest: number;
  readonly highest: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Its SessionId, where its lowest number is not 1. */
  readonly late: string | null;
}

interface End {
  readonly lastMs: number;
  /** The late sessions of the row so far. */
  readonly row: readonly string[];
}

export const counterNotReset = defineDiagnosis({
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
      look({ session, listening }) {
        if (!listening) return;
        if (session.seqNumbers[0] !== 1) {
          const beginsWithStart = listening.stops[0] === 0;
          if (beginsWithStart && late.length < MAX_LATE) late.push(numbered(session, listening, session.key));
        } else if (early !== null) {
          // Among so many all numbers are met by chance.
          if (early.length === MAX_EARLY) early = null;
          else early.push(numbered(session, listening, null));
        }
      },
      end({ sessions }) {
        const all = [...late, ...(early ?? [])];
        const going = chained(all, 0);
        const least = Math.max(LEAST, Math.min(ENOUGH, sessions / 10));
        if (going.length < least || !isClear(all, late.length, going.length)) return null;
        const shown = new ExampleCounter();
        for (const key of going) shown.add(key);
        const evidence = `${sessionsOf(shown.sessions, late.length, 'that begin at another SeqNumber than 1')} go on where a session before ended, in rows of ${pluralize(3, 'session')} or more.`;
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

function numbered(
  { count: events, seqNumbers }: Session,
  { keptCount, timestampsMs }: Listening,
  late: string | null,
): Numbered {
  return {
    lowest: seqNumbers[0]!,
    highest: seqNumbers[events - 1]!,
    firstMs: timestampsMs[0]!,
    lastMs: timestampsMs[keptCount - 1]!,
    late,
  };
}

/**
 * The late sessions that stand in a row of three or more, each of which goes on numbering where one that ended before it ended: the latest that did, and
 * that no other goes on from.
 * @param off How far from that number the next one is to be: other than 0 it tells how often numbers meet by chance.
 */
function chained(sessions: readonly Numbered[], off: number): readonly string[] {
  const found: string[] = [];
  const ends = new Map<number, End[]>();
  const inTime = sessions.toSorted(
    (a, b) => a.firstMs - b.firstMs || a.lowest - b.lowest || a.lastMs - b.lastMs,
  );
  for (const { lowest, highest, firstMs, lastMs, late } of inTime) {
    const before = late === null ? null : takeLatest(ends.get(lowest - 1 - off), firstMs + TOLERANCE_MS);
    const row = before ? [...before.row, late ?? ''] : [late ?? ''];
    if (row.length === LEAST_ROW) found.push(...row.filter((key) => key !== ''));
    else if (row.length > LEAST_ROW && late !== null) found.push(late);
    const sameEnd = ends.get(highest) ?? [];
    ends.set(highest, sameEnd);
    sameEnd.push({ lastMs, row: row.slice(-LEAST_ROW) });
  }
  return found;
}

function takeLatest(ends: End[] | undefined, untilMs: number): End | null {
  let at = -1;
  for (let i = 0; ends && i < ends.length; i += 1) {
    if (ends[i]!.lastMs <= untilMs && (at < 0 || ends[i]!.lastMs > ends[at]!.lastMs)) at = i;
  }
  return at < 0 ? null : (ends?.splice(at, 1)[0] ?? null);
}
