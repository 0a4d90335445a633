import type { UnitOptions } from '../../src/read/table-options.js';
import { Nulls } from '../../src/table/cell-values.js';
import { type Columns, findColumns } from '../../src/table/columns.js';
import { unitsInForce } from '../../src/table/headers.js';
import { RowCells } from '../../src/table/row-cells.js';

export interface ReadingOptions extends UnitOptions {
  readonly timezone?: string;
  readonly nulls?: readonly string[];
  readonly commaAllowed?: boolean;
  readonly organization?: string;
  readonly maxSpeed?: number;
}

/** A reader of the rows under a header. */
export function rowCells(header: readonly string[], options: ReadingOptions = {}): RowCells {
  const columns: Columns = findColumns(header, new Map(), 'table.csv');
  return new RowCells({
    columns,
    units: unitsInForce(columns, header, options, 'table.csv'),
    nulls: new Nulls(options.nulls),
    timezone: options.timezone,
    commaAllowed: options.commaAllowed ?? false,
    organization: options.organization,
    maxSpeed: options.maxSpeed ?? 4,
  });
}

/** Rows as objects: header and cells. */
export function rowOf(row: Readonly<Record<string, string>>, options: ReadingOptions = {}) {
  return { cells: Object.values(row), row: rowCells(Object.keys(row), options) };
}
