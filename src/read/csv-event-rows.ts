import { EVENT_FIELDS, FIELD_DOCUMENTED } from '../wire/event.js';
import { readDuration } from './csv-amount.js';
import { type ColumnName, SOURCE } from './csv-columns.js';
import { locateCell } from './csv-locate.js';
import { readNumber } from './csv-number.js';
import { ownCopy } from './csv-own-copy.js';
import { brokenCell, placeOfRow, type RowReader, type Table } from './csv-table.js';
import { cellTimeReader } from './csv-time.js';
import type { TimeOptions } from './times.js';

interface EventColumn {
  readonly name: ColumnName;
  readonly index: number;
  readonly kind: 'text' | 'number' | 'time';
  /** The text of the row before: ids repeat, and a copy a repetition would be a waste. */
  last: string;
}

/**
 * A reader of rows that are one event each. Numbers stay as they are, whatever their unit, unless it is told; a cell that is no number
 * where one is due stays text: what is wrong with either is for the rules.
 */
export function eventRowReader(table: Table, times: TimeOptions): RowReader {
  const columns = eventColumns(table);
  const unnumbered = !table.columns.has('SeqNumber');
  const durationAt = table.columns.get('ClipDuration');
  const timeOf = cellTimeReader(times);
  const inMilliseconds = times.unit === 'ms';
  return (row, cells, into) => {
    const value: Record<string, unknown> = {};
    for (const column of columns) {
      const cell = column.index === -1 ? '' : cells[column.index]!;
      if (cell === '') {
        if (column.name === 'OrganizationId' && table.organization) value[column.name] = table.organization;
        continue;
      }
      if (column.kind === 'text') {
        if (cell !== column.last) column.last = ownCopy(cell);
        value[column.name] = column.last;
        continue;
      }
      const number = readNumber(cell);
      if (column.kind === 'number') {
        value[column.name] = number ?? ownCopy(cell);
      } else if (number !== undefined) {
        value[column.name] = inMilliseconds ? number / 1000 : number;
      } else {
        const time = timeOf(cell);
        if (typeof time !== 'number') return void into.push(brokenCell(table, row, column.name, time));
        value[column.name] = time;
      }
    }
    const duration = durationAt === undefined ? undefined : readDuration(cells[durationAt]!);
    if (typeof duration === 'object') return void into.push(brokenCell(table, row, 'ClipDuration', duration));
    into.push({
      kind: 'event',
      value,
      place: placeOfRow(table.input, row.line),
      locate: (pointer) => {
        const name = pointer.slice(1) as ColumnName;
        const index = value[name] === undefined ? undefined : table.columns.get(name);
        return index === undefined ? { line: row.line, column: 1 } : locateCell(row, table.delimiter, index);
      },
      ...(unnumbered && { unnumbered }),
      ...(duration !== undefined && { clipDuration: duration }),
    });
  };
}

function eventColumns(table: Table): EventColumn[] {
  const names: readonly ColumnName[] = [...EVENT_FIELDS, SOURCE];
  return names.flatMap((name) => {
    const index = table.columns.get(name) ?? -1;
    if (index === -1 && name !== 'OrganizationId') return [];
    const number =
      name !== SOURCE && FIELD_DOCUMENTED[name as keyof typeof FIELD_DOCUMENTED].type === 'number';
    return [{ name, index, kind: name === 'Timestamp' ? 'time' : number ? 'number' : 'text', last: '' }];
  });
}
