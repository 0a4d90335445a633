/** The numbers of a session, and when it was. */
export interface Numbered {
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

const TOLERANCE_MS = 1000;
/** Rows from so many sessions on count. */
const LEAST_ROW = 3;

/**
 * The late sessions that stand in a row of three or more, each of which goes on numbering where one that ended before it ended: the latest that did, and
 * that no other goes on from.
 * @param off How far from that number the next one is to be: other than 0 it tells how often numbers meet by chance.
 */
export function chained(sessions: readonly Numbered[], off: number): readonly string[] {
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
    const its = ends.get(highest) ?? [];
    ends.set(highest, its);
    its.push({ lastMs, row: row.slice(-LEAST_ROW) });
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
