import type { TextPosition } from '../../domain/place.js';
import { CellError, type CellFault, isCellFault, readable } from '../cell-values.js';
import type { ColumnName, Columns } from '../columns.js';
import { factsOfIntervals } from '../plausibility/facts.js';
import { type Cells, needed, type RowCells } from '../row-cells.js';
import { type GroupedMoment, RowGroups } from '../row-groups.js';
import { clockOf, fitsClock, type IntervalRow, type TableSession } from '../rows.js';
import { addSessionEvents, durationMs, placeOfValue, type RowReader, type Table } from '../table.js';
import type { Shape } from './shape.js';

/** A row is one interval of listening; the rows of one SessionId or key are a session. */
export const INTERVALS: Shape = {
  name: 'intervals',
  row: 'one interval of listening; a session has one or more',
  required: ['ClipId', ['StartedAt', 'EndedAt'], 'StartPosition', ['EndPosition', 'ListenedSeconds']],
  optional: ['EndedAt', 'Speed', 'SessionId', 'OrganizationId', 'Source', 'ClipDuration'],
  example: [
    ['OrganizationId', 'ClipId', 'SessionId', 'StartedAt', 'EndedAt', 'StartPosition', 'EndPosition'],
    [
      '126281f8-200e-4c9f-8378-a4870055423b',
      '9b5c82f7-74cf-4841-a870-a670017cc8eb',
      'a039f83d-1916-436b-a090-efbc08698506',
      '2018-10-23T04:58:44Z',
      '2018-10-23T04:58:48Z',
      '0',
      '4.554',
    ],
    [
      '126281f8-200e-4c9f-8378-a4870055423b',
      '9b5c82f7-74cf-4841-a870-a670017cc8eb',
      'a039f83d-1916-436b-a090-efbc08698506',
      '2018-10-23T04:58:49Z',
      '2018-10-23T05:02:43Z',
      '308.053',
      '542.643',
    ],
  ],
  chosenWhen: 'there is `EndPosition`',
  fits: (columns) => columns.has('EndPosition'),
  rowIsSession: false,
  reader: intervalReader(readIntervalRow, (columns) =>
    columns.has('EndPosition') ? 'EndPosition' : 'ListenedSeconds',
  ),
};

/**
 * Makes readers for a shape whose rows are intervals. They hold rows until their session is complete, and then add
 * its events.
 * @param readRow Reads a row, or returns which cell cannot be read.
 * @param amountColumn The column that says how much was played.
 */
export function intervalReader(
  readRow: (row: RowCells, cells: Cells) => IntervalRow | CellFault,
  amountColumn: (columns: Columns) => ColumnName,
): (table: Table) => RowReader {
  return (table) => {
    const { cells, sessionKey, plausibility } = table;
    const groups = new RowGroups(table.input, table.options.memory);
    const { maxSpeed, columns } = cells.format;
    return {
      add(row) {
        const read = readRow(cells, row.cells);
        if (isCellFault(read)) throw new CellError(read);
        const sessionId = needed(
          'SessionId',
          (sessionKey?.idOf(row.cells) ?? read.sessionId) || undefined,
          'a GUID',
        );
        const { startPositionMs, endPositionMs, startedAtMs, endedAtMs, derivedClockMs, startGiven } = read;
        const start = { line: row.line, column: row.column };
        const moments = [
          { positionMs: startPositionMs, timeMs: startedAtMs, computed: !startGiven, place: start },
          {
            positionMs: endPositionMs,
            timeMs: endedAtMs ?? startedAtMs + derivedClockMs,
            computed: endedAtMs === undefined,
            place: placeOfValue(table, row, read.column),
          },
        ];
        const shared = { ...read, sessionId };
        if (!groups.add(shared, moments))
          addIntervals(table, [{ ...shared, start, place: moments[1]!.place }], maxSpeed);
        return startedAtMs;
      },
      *end() {
        for (const moments of groups.sessions('first-appearance')) {
          const rows = rowsOf(moments, amountColumn(columns));
          const { input } = table;
          const facts = rows.map((row) => ({
            row,
            place: { input, line: row.place.line, column: row.place.column, pointer: null, request: null },
          }));
          const { clip, clipDurationMs } = rows[0]!;
          plausibility.addSession(factsOfIntervals(facts, durationMs(table, clip, clipDurationMs)));
          addIntervals(table, rows, maxSpeed);
          yield;
        }
        groups.close();
      },
    };
  };
}

type PlacedRow = IntervalRow & { readonly start: TextPosition; readonly place: TextPosition };

function rowsOf(moments: readonly GroupedMoment[], column: IntervalRow['column']): PlacedRow[] {
  const rows: PlacedRow[] = [];
  for (let n = 0; n + 1 < moments.length; n += 2) {
    const [first, last] = [moments[n]!, moments[n + 1]!];
    const { organization, clip, sessionId, source, clipDurationMs } = first;
    rows.push({
      organization,
      clip,
      sessionId,
      source,
      clipDurationMs,
      startPositionMs: first.positionMs,
      endPositionMs: last.positionMs,
      startedAtMs: first.timeMs,
      endedAtMs: last.computed ? undefined : last.timeMs,
      derivedClockMs: last.timeMs - first.timeMs,
      startGiven: !first.computed,
      column,
      start: first.place,
      place: last.place,
    });
  }
  return rows;
}

function addIntervals(table: Table, rows: readonly PlacedRow[], maxSpeed: number): void {
  const { intervals, clipDurationMs } = sessionOfIntervals(rows, maxSpeed);
  const inOrder = intervalsInOrder(rows);
  const placed = intervals.map((interval, index) => {
    const { organization, clip, sessionId, source, start, place } = inOrder[index]!;
    const locate = (pointer: string): TextPosition => (pointer === '/Position' ? place : start);
    return { interval, organization, clip, sessionId, source, start, locate };
  });
  addSessionEvents(table, placed, clipDurationMs);
}

/** Reads a row of the shape `intervals`, or returns which cell cannot be read. */
export function readIntervalRow(row: RowCells, cells: Cells): IntervalRow | CellFault {
  return readable(() => {
    const startPositionMs = needed('StartPosition', row.lengthMs(cells, 'StartPosition'), 'a position');
    const endPosition = row.lengthMs(cells, 'EndPosition');
    const column =
      endPosition === undefined && row.has('ListenedSeconds') ? 'ListenedSeconds' : 'EndPosition';
    const endPositionMs =
      endPosition ?? startPositionMs + needed(column, row.lengthMs(cells, 'ListenedSeconds'), 'a position');
    const derivedClockMs = clockOf(Math.max(0, endPositionMs - startPositionMs), row.speed(cells));
    const startedAt = row.timeMs(cells, 'StartedAt');
    const endedAtMs = row.timeMs(cells, 'EndedAt');
    return {
      organization: row.organization(cells),
      clip: row.id(cells, 'ClipId'),
      sessionId: row.id(cells, 'SessionId'),
      source: row.source(cells),
      clipDurationMs: row.clipDurationMs(cells),
      startPositionMs,
      endPositionMs,
      startedAtMs: startedAt ?? needed('StartedAt', endedAtMs, 'a time') - derivedClockMs,
      endedAtMs,
      derivedClockMs,
      startGiven: startedAt !== undefined,
      column,
    };
  });
}

/**
 * Rows by StartedAt, or by EndedAt if a row has no StartedAt: a computed start can lie before the row that was played
 * first. Then by end, then by part of the clip. Times are often whole seconds, and exports have any order; only equal
 * rows are ordered by line.
 */
export function intervalsInOrder<R extends IntervalRow>(rows: readonly R[]): R[] {
  const timeOf = (row: IntervalRow): number => (row.startGiven ? row.startedAtMs : endOf(row));
  return rows.toSorted(
    (a, b) =>
      timeOf(a) - timeOf(b) ||
      a.startedAtMs - b.startedAtMs ||
      endOf(a) - endOf(b) ||
      a.startPositionMs - b.startPositionMs ||
      a.endPositionMs - b.endPositionMs,
  );
}

function endOf({ startedAtMs, endedAtMs, derivedClockMs }: IntervalRow): number {
  return endedAtMs ?? startedAtMs + derivedClockMs;
}

/**
 * Makes one session of its interval rows, in their order (`intervalsInOrder`). The start or the end that a row does not
 * have is computed from the audio. If two rows then overlap, the computed time is moved if the audio still fits.
 * @param rows the session's rows in the order of the input; at least one
 */
export function sessionOfIntervals(rows: readonly IntervalRow[], maxSpeed: number): TableSession {
  const inOrder = intervalsInOrder(rows);
  const meetings = inOrder.map((row, index) => meetingOf(inOrder[index - 1], row, maxSpeed));
  return {
    intervals: inOrder.map((row, index) => ({
      startPositionMs: row.startPositionMs,
      endPositionMs: row.endPositionMs,
      startedAtMs: row.startGiven ? row.startedAtMs : (meetings[index] ?? row.startedAtMs),
      endedAtMs: row.endedAtMs ?? meetings[index + 1] ?? endOf(row),
      startObserved: row.startGiven,
      endObserved: row.endedAtMs !== undefined,
      derivedClock: row.endedAtMs === undefined || !row.startGiven,
    })),
    clipDurationMs: rows.find((row) => row.clipDurationMs !== undefined)?.clipDurationMs,
  };
}

/** When a row ends and the next one starts, if a computed time makes them overlap and the audio fits without. */
function meetingOf(row: IntervalRow | undefined, next: IntervalRow, maxSpeed: number): number | undefined {
  if (!row || next.startedAtMs >= endOf(row)) return undefined;
  const computed = [...(row.endedAtMs === undefined ? [row] : []), ...(next.startGiven ? [] : [next])];
  const fromMs = row.endedAtMs ?? row.startedAtMs;
  const toMs = next.startGiven ? next.startedAtMs : endOf(next);
  const audioMs = computed.reduce((sum, each) => sum + each.endPositionMs - each.startPositionMs, 0);
  if (computed.length === 0 || toMs < fromMs || !fitsClock(audioMs, toMs - fromMs, maxSpeed))
    return undefined;
  if (next.startGiven) return toMs;
  if (row.endedAtMs !== undefined) return fromMs;
  const share = row.derivedClockMs / (row.derivedClockMs + next.derivedClockMs);
  return fromMs + Math.round((toMs - fromMs) * share);
}
