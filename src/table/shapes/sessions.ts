import { guidKey } from '../../domain/guid.js';
import type { TextPosition } from '../../domain/place.js';
import { shellWords } from '../../domain/text.js';
import { excerpt } from '../../read/text.js';
import { CellError, type CellFault, isCellFault, readable } from '../cell-values.js';
import { type ColumnName, type Columns, readMap } from '../columns.js';
import { factsOfSessionRow } from '../plausibility/facts.js';
import { type Cells, needed, type RowCells, type SegmentItem } from '../row-cells.js';
import { HashMap, textHash } from '../row-hashes.js';
import { clockOf, cutOff, fitsClock, type SessionRow, type TableInterval } from '../rows.js';
import { contentKey, RowSessionIds } from '../session-ids.js';
import {
  addSessionEvents,
  durationMs,
  placeOfCell,
  placeOfValue,
  type RowReader,
  type Table,
} from '../table.js';
import type { Shape } from './shape.js';

/** A row is a whole session. */
export const SESSIONS: Shape = {
  name: 'sessions',
  row: 'one listening session',
  required: ['ClipId', ['StartedAt', 'EndedAt'], ['Segments', 'ListenedSeconds']],
  optional: ['StartPosition', 'EndedAt', 'SessionId', 'OrganizationId', 'Source', 'Speed', 'ClipDuration'],
  example: [
    ['OrganizationId', 'ClipId', 'SessionId', 'StartedAt', 'EndedAt', 'StartPosition', 'ListenedSeconds'],
    [
      '126281f8-200e-4c9f-8378-a4870055423b',
      '9b5c82f7-74cf-4841-a870-a670017cc8eb',
      'a039f83d-1916-436b-a090-efbc08698506',
      '2018-10-23T04:58:44Z',
      '2018-10-23T05:02:48Z',
      '0',
      '239.144',
    ],
  ],
  chosenWhen: 'otherwise',
  fits: () => true,
  rowIsSession: true,
  reader: sessionReader,
};

/**
 * Adds the events of each row at once. A second row of a SessionId with the same content is ignored; one with other
 * content is an error.
 */
function sessionReader(table: Table): RowReader {
  const { cells, sessionKey, records, plausibility } = table;
  const { columns } = cells.format;
  const made = new RowSessionIds();
  const seen = new HashMap();
  return {
    add(row) {
      const read = readSessionRow(cells, row.cells);
      if (isCellFault(read)) throw new CellError(read);
      const { organization, clip, source, content, intervals, clipDurationMs, column } = read;
      const givenId = sessionKey ? sessionKey.idOf(row.cells) : read.sessionId;
      if (givenId !== '' && isRepeatedRow(table, seen, givenId, contentKey(content))) {
        const place = placeOfCell(table, row, sessionKey ? undefined : 'SessionId');
        records.add({ kind: 'resent-row', place, sessionId: givenId });
        return content.startedAtMs;
      }
      const amountPlace = placeOfCell(table, row, column);
      plausibility.addSession(factsOfSessionRow(read, amountPlace, durationMs(table, clip, clipDurationMs)));
      const start = { line: row.line, column: row.column };
      const locate = (pointer: string): TextPosition =>
        placeOfValue(table, row, columnOf(pointer.slice(1), column, columns));
      if (givenId === '') table.rowsWithoutId += 1;
      const sessionId = givenId === '' ? made.idOf(content) : givenId;
      const shared = { organization, clip, sessionId, source, start, locate };
      addSessionEvents(
        table,
        intervals.map((interval) => ({ interval, ...shared })),
        clipDurationMs,
      );
      return content.startedAtMs;
    },
  };
}

/**
 * Whether an earlier row had the same SessionId and the same content.
 * @throws CellError where it had the same SessionId and other content.
 */
function isRepeatedRow(table: Table, seen: HashMap, sessionId: string, said: string): boolean {
  const hash = textHash(said);
  const before = seen.getOrSet(textHash(guidKey(sessionId)), hash);
  if (before === undefined) return false;
  if (before === hash) return true;
  throw new CellError({
    column: 'SessionId',
    expected: 'one row for each session',
    received: `two rows of one session: ${excerpt(sessionId)}`,
    hint: severalRowsHint(table),
  });
}

/** What to do where a SessionId has several rows. Only rows with a StartPosition can be read as intervals. */
function severalRowsHint({ cells, options, sessionKey }: Table): string {
  const { columns } = cells.format;
  const intervals = 'If each row is one interval of a session, add --shape intervals';
  if (columns.has('StartPosition')) return intervals;
  const lastRow = `${intervals}, which needs a StartPosition column. If a later row replaces an earlier one, export only the last row of each session`;
  if (sessionKey) return `Name more columns in --session-key. ${lastRow}`;
  const map = readMap(options.map);
  const start: ColumnName = columns.has('StartedAt') ? 'StartedAt' : 'EndedAt';
  const key = (['SessionId', start] as const).map((column) => map.get(column) ?? column).join(',');
  return `If each row is a session of its own, add --session-key ${shellWords([key])}. ${lastRow}`;
}

/** The column that holds a property of a session's events. */
function columnOf(property: string, listened: ColumnName, columns: Columns): ColumnName | undefined {
  if (property === 'Position') return listened;
  if (property === 'Timestamp') return columns.has('StartedAt') ? 'StartedAt' : 'EndedAt';
  const same: readonly ColumnName[] = ['OrganizationId', 'ClipId', 'SessionId', 'Source'];
  return same.find((name) => name === property);
}

/** Reads a row of the shape `sessions`, or returns which cell cannot be read. */
export function readSessionRow(row: RowCells, cells: Cells): SessionRow | CellFault {
  return readable(() => sessionRow(row, cells));
}

function sessionRow(row: RowCells, cells: Cells): SessionRow {
  const column = listenedColumn(row, cells);
  const startPositionMs = row.lengthMs(cells, 'StartPosition');
  const items =
    column === 'Segments' ? row.segments(cells) : [listenedItem(row, cells, startPositionMs ?? 0)];
  const speed = row.speed(cells);
  const givenStartMs = row.timeMs(cells, 'StartedAt') ?? items[0]!.startedAtMs;
  const givenEndMs = row.timeMs(cells, 'EndedAt');
  const startedAtMs = givenStartMs ?? computedStart(givenEndMs, items, speed);
  const organization = row.organization(cells);
  const clip = row.id(cells, 'ClipId');
  const source = row.source(cells);
  return {
    organization,
    clip,
    sessionId: row.id(cells, 'SessionId'),
    source,
    clipDurationMs: row.clipDurationMs(cells),
    column,
    hasPositions: column === 'Segments' || startPositionMs !== undefined,
    rowClockMs:
      givenStartMs === undefined || givenEndMs === undefined ? undefined : givenEndMs - givenStartMs,
    intervals: intervalsOf(items, {
      startedAtMs,
      startGiven: givenStartMs !== undefined,
      endedAtMs: givenEndMs,
      speed,
      maxSpeed: row.format.maxSpeed,
    }),
    content: {
      organization,
      clip,
      source,
      startedAtMs,
      intervals: timesOfItems(items, startedAtMs, givenEndMs),
    },
  };
}

/** The column that says what was played: `Segments` where its cell is not empty. */
function listenedColumn(row: RowCells, cells: Cells): 'Segments' | 'ListenedSeconds' {
  return row.text(cells, 'Segments') !== '' || !row.has('ListenedSeconds') ? 'Segments' : 'ListenedSeconds';
}

function listenedItem(row: RowCells, cells: Cells, startPositionMs: number): SegmentItem {
  const listened = needed(
    'ListenedSeconds',
    row.lengthMs(cells, 'ListenedSeconds'),
    'a length of at least 0',
  );
  return {
    startPositionMs,
    endPositionMs: startPositionMs + listened,
    startedAtMs: undefined,
    endedAtMs: undefined,
  };
}

/** When the first item started: the first time that the row has, minus the audio before that time. */
function computedStart(endedAtMs: number | undefined, items: readonly SegmentItem[], speed: number): number {
  if (endedAtMs === undefined) {
    throw new CellError({
      column: 'StartedAt',
      expected: 'a time',
      received: 'an empty cell',
      hint: 'Fill in StartedAt or EndedAt, or leave the row out',
    });
  }
  const timed = items.findIndex((item) => item.startedAtMs !== undefined);
  const before = timed === -1 ? items : items.slice(0, timed);
  return (items[timed]?.startedAtMs ?? endedAtMs) - clockOf(audioOf(before), speed);
}

function audioOf(items: readonly SegmentItem[]): number {
  return items.reduce((sum, { startPositionMs, endPositionMs }) => sum + endPositionMs - startPositionMs, 0);
}

/**
 * The items with the times that the row has for them. EndedAt counts as the end of the last item. StartedAt is not
 * repeated as the start of the first item.
 */
function timesOfItems(
  items: readonly SegmentItem[],
  startedAtMs: number,
  endedAtMs: number | undefined,
): readonly SegmentItem[] {
  return items.map((item, index) => ({
    ...item,
    startedAtMs: index === 0 && item.startedAtMs === startedAtMs ? undefined : item.startedAtMs,
    endedAtMs: item.endedAtMs ?? (index === items.length - 1 ? endedAtMs : undefined),
  }));
}

interface RowTimes {
  readonly startedAtMs: number;
  /** Whether the row has StartedAt; false where it was computed from EndedAt. */
  readonly startGiven: boolean;
  readonly endedAtMs: number | undefined;
  readonly speed: number;
  readonly maxSpeed: number;
}

/**
 * Gives each item its times. Items between two times of the row follow each other without a pause. Sums of audio are
 * divided by the speed only once, so that rounding errors do not add up.
 */
function intervalsOf(items: readonly SegmentItem[], times: RowTimes): TableInterval[] {
  const intervals: TableInterval[] = [];
  for (let first = 0; first < items.length; ) {
    let next = first + 1;
    while (next < items.length && !hasTimeBetween(items[next - 1]!, items[next]!)) next += 1;
    const run = items.slice(first, next);
    const ofRun = {
      ...times,
      startedAtMs: run[0]!.startedAtMs ?? intervals.at(-1)?.endedAtMs ?? times.startedAtMs,
      startGiven: run[0]!.startedAtMs !== undefined || (first === 0 && times.startGiven),
      endedAtMs: run.at(-1)!.endedAtMs ?? (next === items.length ? times.endedAtMs : undefined),
    };
    intervals.push(...intervalsOfRun(run, ofRun, items[next]?.startedAtMs));
    first = next;
  }
  return intervals;
}

function hasTimeBetween(item: SegmentItem, next: SegmentItem): boolean {
  return item.endedAtMs !== undefined || next.startedAtMs !== undefined;
}

/**
 * The intervals of items without times between them.
 * @param times The start of the first item, and the end of the last.
 * @param nextStartMs The start of the item after the last.
 */
function intervalsOfRun(
  run: readonly SegmentItem[],
  times: RowTimes,
  nextStartMs: number | undefined,
): TableInterval[] {
  const { startGiven, endedAtMs: endGivenMs, maxSpeed } = times;
  const speed = speedOfRun(run, times, endGivenMs ?? nextStartMs);
  const timeAfter = (audioMs: number): number => times.startedAtMs + clockOf(audioMs, speed);
  let sumMs = 0;
  return run.map((item, index) => {
    const { startPositionMs, endPositionMs } = item;
    const isLast = index === run.length - 1;
    const audioMs = endPositionMs - startPositionMs;
    const startedAtMs = timeAfter(sumMs);
    sumMs += audioMs;
    const startObserved = index === 0 && startGiven;
    const endObserved = isLast && endGivenMs !== undefined && (startObserved || endGivenMs >= startedAtMs);
    const computed = { startedAtMs, endedAtMs: timeAfter(sumMs), audioMs };
    return {
      startPositionMs,
      endPositionMs,
      startedAtMs,
      endedAtMs: endObserved ? endGivenMs : cutOff(computed, isLast ? nextStartMs : undefined, maxSpeed),
      startObserved,
      endObserved,
      derivedClock: !startObserved || !endObserved,
    };
  });
}

/**
 * The speed at which a run was played: the row's speed, or a higher one if the run would otherwise pass the next time
 * of the row, and the audio still fits.
 */
function speedOfRun(
  run: readonly SegmentItem[],
  { startedAtMs, speed, maxSpeed }: RowTimes,
  limitMs: number | undefined,
): number {
  if (run.length === 1 || limitMs === undefined || limitMs < startedAtMs) return speed;
  const audioMs = audioOf(run);
  const lastMs = audioOf(run.slice(-1));
  const clockMs = limitMs - startedAtMs;
  const clockOfLastMs = clockMs - clockOf(audioMs - lastMs, speed);
  const isLastShort = clockOfLastMs < 0 || !fitsClock(lastMs, clockOfLastMs, maxSpeed);
  return isLastShort && fitsClock(audioMs, clockMs, maxSpeed) ? Math.max(speed, audioMs / clockMs) : speed;
}
