import { NO_ELEMENT } from '../../domain/event-batch.js';
import type { WireEvent } from '../../wire/event.js';
import type { Records } from '../records.js';
import { ownCopy, toMicroseconds } from '../text.js';
import type { TimeOptions } from '../times.js';
import { readDuration } from './amount.js';
import { type ColumnName, SOURCE } from './columns.js';
import { BrokenCell, cellOf, type Heard, heardColumn, readHeard, sound } from './heard.js';
import type { Row } from './rows.js';
import { locateCell } from './rows.js';
import { RowSessionIds } from './session-ids.js';
import { brokenCell, type RowReader, type Table } from './table.js';
import { type CellTime, cellTimeReader } from './time.js';

/** A reader of rows that are one listening session each: a Start and a Stop for each stretch heard, all at the place of their row. */
export function sessionRowReader(table: Table, times: TimeOptions): RowReader {
  const timeOf = cellTimeReader(times);
  const ids = new RowSessionIds();
  return (row, cells, into) => {
    try {
      expand(table, row, cells, timeOf, ids, into);
    } catch (error) {
      if (!(error instanceof BrokenCell)) throw error;
      into.addSyntax(brokenCell(table, row, error.column, error.fault));
    }
  };
}

function expand(
  table: Table,
  row: Row,
  cells: readonly string[],
  timeOf: CellTime,
  ids: RowSessionIds,
  into: Records,
): void {
  const { columns } = table;
  const cell = (column: ColumnName) => cellOf(cells, columns, column);
  const heard = readHeard(cells, columns, timeOf);
  const clipDuration = sound('ClipDuration', readDuration(cell('ClipDuration')));
  const organization = cell('OrganizationId') || table.organization || '';
  const shared = {
    ...present('OrganizationId', organization),
    ...present('ClipId', cell('ClipId')),
    SessionId: ownCopy(cell('SessionId')) || ids.idOf(cells, organization),
  };
  const source = present(SOURCE, cell(SOURCE));
  const locate = (pointer: string) => {
    const column = columnTold(pointer.slice(1), heardColumn(cells, columns));
    const index = column && cell(column) !== '' ? columns.get(column) : undefined;
    return index === undefined ? { line: row.line, column: 1 } : locateCell(row, table.delimiter, index);
  };
  const start = { line: row.line, column: 1 };
  for (const moment of momentsOf(heard)) {
    into.addEvent({ ...shared, ...moment, ...source }, start, { locate }, NO_ELEMENT, { clipDuration });
  }
}

function present<C extends string>(column: C, text: string): { readonly [K in C]?: string } {
  return text === '' ? {} : ({ [column]: ownCopy(text) } as { [K in C]: string });
}

/** The column that tells a property of a session's events. */
function columnTold(property: string, heard: ColumnName): ColumnName | undefined {
  if (property === 'Position') return heard;
  if (property === 'Timestamp') return 'StartedAt';
  const same: readonly ColumnName[] = ['OrganizationId', 'ClipId', 'SessionId', SOURCE];
  return same.find((column) => column === property);
}

/** Start and Stop of each stretch. The clock runs on unfloored, at `speed`; a Timestamp is its whole seconds (API-12, API-13). */
function momentsOf({
  startedAt,
  segments,
  speed,
}: Heard): Pick<WireEvent, 'Type' | 'Position' | 'SeqNumber' | 'Timestamp'>[] {
  let seqNumber = 0;
  let clock = startedAt;
  return segments.flatMap(({ start, end, at }) => {
    const began = at ?? clock;
    clock = toMicroseconds(began + (end - start) / speed);
    return [
      { Type: 'Start', Position: start, SeqNumber: ++seqNumber, Timestamp: Math.floor(began) },
      { Type: 'Stop', Position: end, SeqNumber: ++seqNumber, Timestamp: Math.floor(clock) },
    ];
  });
}
