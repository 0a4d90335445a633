import { NO_ELEMENT } from '../../domain/event-batch.js';
import { EVENT_FIELDS, FIELD_DOCUMENTED } from '../../wire/event.js';
import { ownCopy, readNumber } from '../text.js';
import type { TimeOptions } from '../times.js';
import { readDuration } from './amount.js';
import type { RowFault } from './cells.js';
import { type ColumnName, SOURCE } from './columns.js';
import { locateCell } from './rows.js';
import { brokenCell, type RowReader, type Table } from './table.js';
import { cellTimeReader } from './time.js';

type ReadCell = (cell: string) => string | number | RowFault;

interface EventColumn {
  readonly name: ColumnName;
  readonly index: number;
  readonly read: ReadCell;
}

/**
 * A reader of rows that are one event each. Numbers stay as they are, whatever their unit, unless it is told; a cell that is no number
 * where one is due stays text: what is wrong with either is for the rules.
 */
export function eventRowReader(table: Table, times: TimeOptions): RowReader {
  const { delimiter, organization } = table;
  const columns = eventColumns(table, times);
  const unnumbered = !table.columns.has('SeqNumber');
  const durationAt = table.columns.get('ClipDuration');
  return (row, cells, into) => {
    const value: Partial<Record<ColumnName, string | number>> = organization
      ? { OrganizationId: organization }
      : {};
    for (const { name, index, read } of columns) {
      const cell = cells[index]!;
      if (cell === '') continue;
      const content = read(cell);
      if (typeof content === 'object') return into.addSyntax(brokenCell(table, row, name, content));
      value[name] = content;
    }
    const duration = durationAt === undefined ? undefined : readDuration(cells[durationAt]!);
    if (typeof duration === 'object') return into.addSyntax(brokenCell(table, row, 'ClipDuration', duration));
    const start = { line: row.line, column: 1 };
    const locate = (pointer: string) => {
      const name = pointer.slice(1) as ColumnName;
      const index = value[name] === undefined ? undefined : table.columns.get(name);
      return index === undefined ? start : locateCell(row, delimiter, index);
    };
    into.addEvent(value, start, { locate }, NO_ELEMENT, { unnumbered, clipDuration: duration });
  };
}

function eventColumns({ columns }: Table, times: TimeOptions): EventColumn[] {
  const readers: readonly (readonly [ColumnName, ReadCell])[] = [
    ...EVENT_FIELDS.map((name) => {
      if (name === 'Timestamp') return [name, timeReader(times)] as const;
      return [name, FIELD_DOCUMENTED[name].type === 'number' ? numberOrText : textReader()] as const;
    }),
    [SOURCE, textReader()],
  ];
  return readers.flatMap(([name, read]) => {
    const index = columns.get(name);
    return index === undefined ? [] : [{ name, index, read }];
  });
}

/** Ids often repeat those of the row before: a copy is made only of others. */
function textReader(): ReadCell {
  let last = '';
  return (cell) => {
    if (cell !== last) last = ownCopy(cell);
    return last;
  };
}

function numberOrText(cell: string): string | number {
  return readNumber(cell) ?? ownCopy(cell);
}

function timeReader(times: TimeOptions): ReadCell {
  const timeOf = cellTimeReader(times);
  const scale = times.unit === 'ms' ? 1000 : 1;
  return (cell) => {
    const number = readNumber(cell);
    return number === undefined ? timeOf(cell) : number / scale;
  };
}
