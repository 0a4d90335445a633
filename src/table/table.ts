import { NO_ELEMENT } from '../domain/event-batch.js';
import { guidKey, readGuidCell } from '../domain/guid.js';
import type { Input, Place, TextPosition } from '../domain/place.js';
import type { Loss } from '../domain/record.js';
import type { Records } from '../read/records.js';
import type { TableOptions } from '../read/table-options.js';
import type { JsonObject } from '../wire/json.js';
import type { EventTypes } from './cell-values.js';
import type { ColumnName } from './columns.js';
import type { Plausibility } from './plausibility/plausibility.js';
import type { Cells, RowCells } from './row-cells.js';
import { endsOf, type TableInterval } from './rows.js';
import type { SessionKey } from './session-ids.js';

/** A row as its input has it. */
export interface SourceRow {
  /** The line at which it begins. */
  readonly line: number;
  readonly column: number;
  /** The unchanged text; absent if it is not known. */
  readonly text: string | undefined;
  readonly cells: Cells;
  /** The position of a cell in the text, by the cell's index. */
  locate(index: number): TextPosition;
}

/** A table while its rows are read. */
export interface Table {
  readonly input: Input;
  readonly options: TableOptions;
  readonly cells: RowCells;
  readonly types: EventTypes;
  /** Makes the SessionIds; undefined without `--session-key`. */
  readonly sessionKey: SessionKey | undefined;
  readonly plausibility: Plausibility<Place>;
  /** The records to which the events are added. */
  readonly records: Records;
  /** How many rows so far have no SessionId, so that it is made from their content. */
  rowsWithoutId: number;
}

/** Reads the rows of a table of one shape. */
export interface RowReader {
  /**
   * Reads a row and adds its events, at once or in `end`.
   * @returns its StartedAt or Timestamp in unix milliseconds; undefined if the reader has updated the plausibility
   * checks itself.
   * @throws CellError if a cell cannot be read
   */
  add(row: SourceRow): number | undefined;
  /** Adds the events that were held back; yields after each session. */
  end?(): Iterable<void>;
}

/** The place of a cell; the place of its row where the table has no such column. */
export function placeOfCell(table: Table, row: SourceRow, column: ColumnName | undefined): Place {
  const index = column === undefined ? undefined : table.cells.format.columns.get(column);
  const { line, column: at } = index === undefined ? row : row.locate(index);
  return { input: table.input, line, column: at, pointer: null, request: null };
}

/** The position of a value in its row; the start of the row where the table has no such column, or the cell is empty. */
export function placeOfValue(table: Table, row: SourceRow, column: ColumnName | undefined): TextPosition {
  const index = column === undefined ? undefined : table.cells.format.columns.get(column);
  const absent = index === undefined || (row.cells[index] ?? '') === '';
  return absent ? { line: row.line, column: row.column } : row.locate(index);
}

/** The duration of a clip in milliseconds: from the row, else from `--clips`. */
export function durationMs({ options }: Table, clip: string, ofRow: number | undefined): number | undefined {
  if (ofRow !== undefined) return ofRow;
  const seconds = options.clipSeconds?.(clip);
  return seconds === undefined ? undefined : seconds * 1000;
}

/**
 * Which sessions can lack events because a row cannot be read. The session's id is read from its own cell. If the cells
 * cannot be matched to columns, all GUIDs of the row count.
 * @param whole Whether the row has as many cells as the header.
 * @param width The number of cells of the header.
 */
export function lossOfRow(
  table: Table,
  rowIsSession: boolean,
  cells: Cells,
  whole: boolean,
  width: number,
): Loss {
  if (rowIsSession) return 'whole-session';
  const { columns } = table.cells.format;
  if (table.sessionKey) {
    const id = whole ? table.sessionKey.tryIdOf(cells) : undefined;
    return id === undefined ? 'unknown' : { sessions: [guidKey(id)] };
  }
  if (whole) {
    const id = readGuidCell(cells[columns.get('SessionId') ?? -1] ?? '');
    return id === undefined ? 'unknown' : { sessions: [guidKey(id)] };
  }
  const idIndexes = ID_COLUMNS.flatMap((column) => columns.get(column) ?? []);
  const guids = cells.map((cell) => readGuidCell(cell.replaceAll('"', '')));
  // If an id column does not hold a GUID, the cells are out of place, and no GUID of the row can be trusted.
  if (idIndexes.length === 0 || idIndexes.some((index) => guids[index] === undefined)) return 'unknown';
  const ids = guids.filter((id) => id !== undefined);
  // If there are more cells than in the header, part of another row can be among them: then all ids of that row must be
  // there, too.
  const rows = cells.length > width ? 2 : 1;
  return ids.length >= rows * idIndexes.length && ids.length % idIndexes.length === 0
    ? { sessions: ids.map(guidKey) }
    : 'unknown';
}

const ID_COLUMNS = ['OrganizationId', 'ClipId', 'SessionId'] as const satisfies readonly ColumnName[];

/** What a row states about its session; absent ids are empty. */
export interface StatedOfSession {
  readonly organization: string;
  readonly clip: string;
  readonly sessionId: string;
  readonly source: string | undefined;
}

/** An event of a row as a JSON value, without the ids and the Source that the row does not have. Position and Timestamp in seconds. */
export function eventOfRow(
  { organization, clip, sessionId, source }: StatedOfSession,
  type: 'Start' | 'Stop',
  position: number,
  seqNumber: number,
  timestamp: number,
): JsonObject {
  // Objects that all have the same keys are read several times as fast as objects that are built key by key.
  const event: Record<string, unknown> = {
    OrganizationId: organization,
    ClipId: clip,
    SessionId: sessionId,
    Type: type,
    Position: position,
    SeqNumber: seqNumber,
    Timestamp: timestamp,
  };
  if (organization === '') delete event.OrganizationId;
  if (clip === '') delete event.ClipId;
  if (sessionId === '') delete event.SessionId;
  if (source !== undefined) event.Source = source;
  return event;
}

/** An interval of a session, with what its row states about the session. */
interface PlacedInterval extends StatedOfSession {
  readonly interval: TableInterval;
  /** Where the row begins. */
  readonly start: TextPosition;
  /** Returns where the row has a property of its events (`/Position`). */
  readonly locate: (pointer: string) => TextPosition;
}

/**
 * Adds the events of a session: Start and Stop of each interval, in order.
 * @param clipDurationMs The clip's duration according to the rows.
 */
export function addSessionEvents(
  { records, input, options }: Table,
  intervals: readonly PlacedInterval[],
  clipDurationMs: number | undefined,
): void {
  const clipDuration = clipDurationMs === undefined ? undefined : clipDurationMs / 1000;
  let seqNumber = 0;
  for (const placed of intervals) {
    const [start, stop] = endsOf(placed.interval);
    for (const { type, positionMs, timestamp } of [start, stop]) {
      const derivedClock = placed.interval.derivedClock && type === 'Stop';
      const event = eventOfRow(placed, type, positionMs / 1000, ++seqNumber, timestamp);
      records.addEvent(event, placed.start, placed, NO_ELEMENT, { clipDuration, derivedClock });
    }
  }
  const [first] = intervals;
  if (first)
    options.onSession?.({
      file: input.name,
      line: first.start.line,
      sessionId: first.sessionId,
      events: intervals.flatMap(({ interval }) => endsOf(interval)),
    });
}
