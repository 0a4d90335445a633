import type { Input, Place } from '../../domain/place.js';
import type { SyntaxRecord } from '../../domain/record.js';
import type { Records } from '../records.js';
import type { RowFault } from './cells.js';
import type { ColumnName, Columns } from './columns.js';
import type { Row } from './rows.js';
import { locateCell } from './rows.js';

/** What is known of a CSV file once its header has been read. */
export interface Table {
  readonly input: Input;
  readonly delimiter: string;
  readonly columns: Columns;
  /** OrganizationId of rows that have none. */
  readonly organization: string | undefined;
}

/** Turns a row and its cells into records. */
export type RowReader = (row: Row, cells: readonly string[], into: Records) => void;

/** The place of a row. */
export function placeOfRow(input: Input, line: number): Place {
  return { input, line, column: 1, pointer: null, request: null };
}

/** The finding that a row cannot be read. */
export function brokenRow(input: Input, line: number, { expected, received, hint }: RowFault): SyntaxRecord {
  return { kind: 'syntax', place: placeOfRow(input, line), expected, received, hint };
}

/** The finding that a row cannot be read for what stands in one of its cells. */
export function brokenCell(table: Table, row: Row, column: ColumnName, fault: RowFault): SyntaxRecord {
  const at = locateCell(row, table.delimiter, table.columns.get(column) ?? 0);
  const expected = `${fault.expected} in ${column}`;
  return {
    kind: 'syntax',
    place: { ...placeOfRow(table.input, at.line), column: at.column },
    expected,
    received: fault.received,
    hint: fault.hint,
  };
}
