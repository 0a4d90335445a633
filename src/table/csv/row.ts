import { locateCell, type Row } from '../../read/csv/rows.js';
import type { SourceRow } from '../table.js';

/** A row of CSV. @param cells Its cells; those between delimiters unless given. */
export function csvRow(
  row: Row,
  delimiter: string,
  cells = row.text.split(delimiter) as readonly string[],
): SourceRow {
  return {
    line: row.line,
    column: 1,
    text: row.fault ? undefined : row.text,
    cells,
    locate: (index) => locateCell(row, delimiter, index),
  };
}
