import { NO_ELEMENT } from '../../domain/event-batch.js';
import type { TextPosition } from '../../domain/place.js';
import { ownCopy, readDecimal, readNumber, scaled } from '../../read/text.js';
import { EVENT_FIELDS, type EventField } from '../../wire/event.js';
import {
  CellError,
  type CellFault,
  type EventTypes,
  isCellFault,
  isNullMarker,
  nullMarkerFault,
  readable,
} from '../cell-values.js';
import type { ColumnName } from '../columns.js';
import type { Cells, RowCells } from '../row-cells.js';
import { noteEvents } from '../row-hashes.js';
import type { EventRow } from '../rows.js';
import { placeOfValue, type RowReader, type Table } from '../table.js';
import type { Shape } from './shape.js';

/** A row is one event. Its values are passed on unchanged: the rules about events check them. */
export const EVENTS: Shape = {
  name: 'events',
  row: 'one event, Start or Stop',
  required: ['OrganizationId', 'ClipId', 'SessionId', 'Type', 'Position', 'Timestamp'],
  optional: ['SeqNumber', 'Source', 'ClipDuration'],
  example: [
    ['OrganizationId', 'ClipId', 'SessionId', 'Type', 'Position', 'SeqNumber', 'Timestamp'],
    [
      '126281f8-200e-4c9f-8378-a4870055423b',
      '9b5c82f7-74cf-4841-a870-a670017cc8eb',
      'a039f83d-1916-436b-a090-efbc08698506',
      'Start',
      '0',
      '1',
      '1540270724',
    ],
    [
      '126281f8-200e-4c9f-8378-a4870055423b',
      '9b5c82f7-74cf-4841-a870-a670017cc8eb',
      'a039f83d-1916-436b-a090-efbc08698506',
      'Stop',
      '4.554',
      '2',
      '1540270728',
    ],
  ],
  chosenWhen: 'there are `Type`, `Position` and `Timestamp`',
  fits: (columns) => columns.has('Type') && columns.has('Position') && columns.has('Timestamp'),
  rowIsSession: false,
  reader: eventReader,
};

/** Adds the event of each row at once. */
function eventReader(table: Table): RowReader {
  const { cells, types, sessionKey, records, plausibility } = table;
  const { columns } = cells.format;
  const unnumbered = !columns.has('SeqNumber');
  const ownText = textKeeper();
  return {
    add(row) {
      const read = readEventRow(cells, row.cells, types);
      if (isCellFault(read)) throw new CellError(read);
      const { value, clipDurationMs, meaning } = read;
      if (meaning === 'Ignore') return undefined;
      const kept: Record<string, string | number> = {};
      for (const [name, content] of Object.entries(value))
        kept[name] = typeof content === 'string' ? ownText(name, content) : content;
      if (sessionKey) kept.SessionId = sessionKey.idOf(row.cells);
      const start = { line: row.line, column: row.column };
      const locate = (pointer: string): TextPosition => {
        const name = pointer.slice(1) as ColumnName;
        return kept[name] === undefined ? start : placeOfValue(table, row, name);
      };
      const clipDuration = clipDurationMs === undefined ? undefined : clipDurationMs / 1000;
      records.addEvent(kept, start, { locate }, NO_ELEMENT, { unnumbered, clipDuration });
      const i = records.events.count - 1;
      noteEvents(plausibility, records.events, i, i + 1);
      return undefined;
    },
  };
}

/**
 * Copies texts, so that they do not keep the whole input in memory. Ids often repeat those of the row before: then the
 * earlier copy is used.
 */
function textKeeper(): (name: string, text: string) => string {
  const last = new Map<string, string>();
  return (name, text) => {
    const before = last.get(name);
    if (before === text) return before;
    const copy = ownCopy(text);
    last.set(name, copy);
    return copy;
  };
}

const UNIX_PER_SECOND = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 } as const;
const MS_PER_UNIT = { s: 1000, ms: 1, min: 60_000 } as const;

/**
 * Reads a row of the shape `events`, or returns the cell that cannot be read: one with an unknown form of time, with an
 * invalid ClipDuration, or with a null marker.
 */
export function readEventRow(row: RowCells, cells: Cells, types: EventTypes): EventRow | CellFault {
  return readable(() => {
    const value: Partial<Record<EventField | 'Source', string | number>> = {};
    for (const field of EVENT_FIELDS) {
      const content = fieldOf(row, cells, field);
      if (content !== '') value[field] = content;
    }
    const source = row.source(cells);
    if (source !== undefined) value.Source = source;
    const meaning = typeof value.Type === 'string' ? types.meaningOf(value.Type) : undefined;
    if (meaning === 'Start' || meaning === 'Stop') value.Type = meaning;
    return { value, clipDurationMs: row.clipDurationMs(cells), meaning };
  });
}

function fieldOf(row: RowCells, cells: Cells, field: EventField): string | number {
  switch (field) {
    case 'OrganizationId':
      return row.organization(cells);
    case 'ClipId':
    case 'SessionId':
      return row.id(cells, field);
    case 'Type':
      return row.text(cells, field);
    case 'SeqNumber':
      return numberOr(row, cells, field, (text) => text);
    case 'Position':
      return positionOf(row, cells);
    case 'Timestamp':
      return timestampOf(row, cells);
  }
}

/** The number of a plain number text, which can be negative; the result of `other` for any other text. */
function numberOr(
  row: RowCells,
  cells: Cells,
  field: EventField,
  other: (text: string) => string | number,
): string | number {
  const text = row.text(cells, field);
  if (text === '') return '';
  const number = readNumber(text);
  if (number !== undefined) return number;
  if (isNullMarker(text)) throw new CellError({ column: field, ...nullMarkerFault(text, 'a number') });
  return other(text);
}

function positionOf(row: RowCells, cells: Cells): string | number {
  const unit = row.format.units.position;
  const number = numberOr(row, cells, 'Position', (text) => {
    const ms = row.tryLengthMs(text, 'Position');
    return ms === undefined ? text : ms / 1000;
  });
  const decimal = unit === 's' ? undefined : readDecimal(row.text(cells, 'Position'));
  const ms = decimal && scaled(decimal, MS_PER_UNIT[unit], 'half-up');
  return ms === undefined ? number : ms / 1000;
}

function timestampOf(row: RowCells, cells: Cells): string | number {
  const number = numberOr(row, cells, 'Timestamp', () => row.seconds(cells, 'Timestamp'));
  if (typeof number !== 'number' || !readDecimal(row.text(cells, 'Timestamp'))) return number;
  return number / UNIX_PER_SECOND[row.format.units.time];
}
