import type { ColumnName } from '../columns.js';
import type { IntervalRow, PingRow, SessionRow } from '../rows.js';

/** How much audio was played according to one row or interval of a table, and how much time passed on the clock. */
export interface Amount<P> {
  readonly audioMs: number;
  /** The time from the row's start to its end, or to the start of the session's next row; undefined where neither is known. */
  readonly clockMs: number | undefined;
  /** Whether the clock ends with the start of the session's next row, so that it includes a pause. */
  readonly includesPause?: boolean;
  /** Where the amount is; the caller chooses the type of a place. */
  readonly place: P;
}

/** The facts of one session that show whether a table's units are plausible (`docs/formats.md`). */
export interface SessionFacts<P> {
  readonly clip: string;
  /** The column that says how much was played. */
  readonly column: ColumnName;
  /** The known duration of the clip. */
  readonly durationMs: number | undefined;
  /** The farthest position, or the sum of lengths where there are no positions. */
  readonly reachMs: number;
  /** Where the session first appears. A session can have no amounts, for example if it has only one heartbeat. */
  readonly place: P;
  /** Its rows. */
  readonly rows: readonly Amount<P>[];
  /** Its intervals: its rows again, or the items of `Segments`. */
  readonly intervals: readonly Amount<P>[];
}

/** The facts of a row of the shape `sessions`. @param durationMs The duration of its clip according to `--clips`. */
export function factsOfSessionRow<P>(row: SessionRow, place: P, durationMs?: number): SessionFacts<P> {
  const stated = row.content.intervals;
  const amounts = row.intervals.map((interval, index): Amount<P> => {
    const own =
      stated[index]!.endedAtMs !== undefined && interval.startObserved && interval.endObserved
        ? interval.endedAtMs - interval.startedAtMs
        : undefined;
    return { audioMs: interval.endPositionMs - interval.startPositionMs, clockMs: own, place };
  });
  const audioMs = amounts.reduce((sum, amount) => sum + amount.audioMs, 0);
  const whole: Amount<P> = { audioMs, clockMs: row.rowClockMs, place };
  return {
    clip: row.clip,
    column: row.column,
    durationMs: row.clipDurationMs ?? durationMs,
    reachMs: row.hasPositions ? farthest(row.intervals.map((interval) => interval.endPositionMs)) : audioMs,
    place,
    rows: row.rowClockMs === undefined ? amounts : [whole],
    intervals: amounts.map((amount) => ({ ...amount, clockMs: amount.clockMs ?? row.rowClockMs })),
  };
}

/** The facts of a session of the shape `intervals`; at least one row. */
export function factsOfIntervals<P>(
  rows: readonly { readonly row: IntervalRow; readonly place: P }[],
  durationMs?: number,
): SessionFacts<P> {
  const inOrder = rows.toSorted((a, b) => a.row.startedAtMs - b.row.startedAtMs);
  const amounts = inOrder.map(({ row, place }, index): Amount<P> => {
    const next = inOrder[index + 1]?.row;
    const end = row.endedAtMs ?? (next?.startGiven ? next.startedAtMs : undefined);
    return {
      audioMs: row.endPositionMs - row.startPositionMs,
      clockMs: end === undefined || !row.startGiven ? undefined : end - row.startedAtMs,
      includesPause: row.endedAtMs === undefined,
      place,
    };
  });
  const { clip, column } = rows[0]!.row;
  return {
    clip,
    column,
    durationMs: rows.find(({ row }) => row.clipDurationMs !== undefined)?.row.clipDurationMs ?? durationMs,
    reachMs: farthest(rows.map(({ row }) => row.endPositionMs)),
    place: amounts[0]!.place,
    rows: amounts,
    intervals: amounts,
  };
}

/**
 * The facts of a session of the shape `pings`, in order; at least one row. Each ping's amount is the difference to the
 * next ping.
 */
export function factsOfPings<P>(
  rows: readonly { readonly row: PingRow; readonly place: P }[],
  durationMs?: number,
): SessionFacts<P> {
  const amounts = rows.slice(1).map(({ row, place }, index): Amount<P> => {
    const before = rows[index]!.row;
    return {
      audioMs: row.positionMs - before.positionMs,
      clockMs: row.timestampMs - before.timestampMs,
      place,
    };
  });
  return {
    clip: rows[0]!.row.clip,
    column: 'Position',
    durationMs: rows.find(({ row }) => row.clipDurationMs !== undefined)?.row.clipDurationMs ?? durationMs,
    reachMs: farthest(rows.map(({ row }) => row.positionMs)),
    place: rows[0]!.place,
    rows: amounts,
    // A jump between two pings is a seek, not an interval.
    intervals: [],
  };
}

/** The properties of a session's events that facts need, in order of SeqNumber. Times and positions are in milliseconds. */
export interface TimedEvents<P> {
  readonly count: number;
  isStop(i: number): boolean;
  positionMs(i: number): number;
  timestampMs(i: number): number;
  placeOf(i: number): P;
}

/** The facts of a session of event rows; at least one event. Its rows are its intervals, at their Stops. */
export function factsOfEvents<P>(clip: string, events: TimedEvents<P>, durationMs?: number): SessionFacts<P> {
  const amounts: Amount<P>[] = [];
  let reachMs = 0;
  for (let i = 0; i < events.count; i += 1) {
    const positionMs = events.positionMs(i);
    reachMs = Math.max(reachMs, positionMs);
    if (i === 0 || !events.isStop(i) || events.isStop(i - 1)) continue;
    amounts.push({
      audioMs: positionMs - events.positionMs(i - 1),
      clockMs: events.timestampMs(i) - events.timestampMs(i - 1),
      place: events.placeOf(i),
    });
  }
  return {
    clip,
    column: 'Position',
    durationMs,
    reachMs,
    place: events.placeOf(0),
    rows: amounts,
    intervals: amounts,
  };
}

function farthest(positions: readonly number[]): number {
  return positions.reduce((most, position) => Math.max(most, position), 0);
}
