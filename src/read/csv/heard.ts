import { toMicroseconds } from '../text.js';
import { readAmount } from './amount.js';
import type { RowFault } from './cells.js';
import type { ColumnName, Columns } from './columns.js';
import { readSegments, type Segment } from './segments.js';
import type { CellTime } from './time.js';

/** When a session was listened to and what was heard, as its row tells it. */
export interface Heard {
  /** Unix seconds, fractions kept. */
  readonly startedAt: number;
  /** At least one. */
  readonly segments: readonly Segment[];
  /** Seconds of audio to a second of the clock. */
  readonly speed: number;
}

/** A cell that keeps its row from being read. */
export class BrokenCell extends Error {
  constructor(
    readonly column: ColumnName,
    readonly fault: RowFault,
  ) {
    super(fault.expected);
  }
}

/** The value, or a `BrokenCell` thrown where it is a fault. */
export function sound<T>(column: ColumnName, value: T | RowFault): T {
  if (typeof value === 'object' && value !== null && 'expected' in value) throw new BrokenCell(column, value);
  return value as T;
}

/** The cell of a column; empty where the file has no such column. */
export function cellOf(cells: readonly string[], columns: Columns, column: ColumnName): string {
  const index = columns.get(column);
  return index === undefined ? '' : cells[index]!;
}

/** Reads a session row's own columns. Throws a `BrokenCell`. */
export function readHeard(cells: readonly string[], columns: Columns, timeOf: CellTime): Heard {
  const startedAt = cellOf(cells, columns, 'StartedAt');
  const speed = cellOf(cells, columns, 'Speed');
  return {
    startedAt: sound('StartedAt', timeOf(startedAt)),
    segments: readStretches(cells, columns, timeOf),
    speed:
      speed === ''
        ? 1
        : sound(
            'Speed',
            readAmount(speed, 'a number above 0', (number) => number > 0),
          ),
  };
}

/** The column that tells what was heard: `Segments` where its cell is not empty. */
export function heardColumn(cells: readonly string[], columns: Columns): ColumnName {
  return cellOf(cells, columns, 'Segments') !== '' || !columns.has('ListenedSeconds')
    ? 'Segments'
    : 'ListenedSeconds';
}

function readStretches(cells: readonly string[], columns: Columns, timeOf: CellTime): Segment[] {
  const column = heardColumn(cells, columns);
  const cell = cellOf(cells, columns, column);
  if (column === 'Segments') return sound(column, readSegments(cell, timeOf));
  const from = cellOf(cells, columns, 'StartPosition');
  const start = from === '' ? 0 : sound('StartPosition', readSeconds(from));
  const listened = sound(column, readSeconds(cell));
  return [{ start, end: toMicroseconds(start + listened), at: undefined }];
}

function readSeconds(cell: string): number | RowFault {
  return readAmount(cell, 'a number of seconds', (seconds) => seconds >= 0);
}
