import type { ShapeName } from '../../read/table-options.js';
import type { ColumnName, Columns } from '../columns.js';
import type { RowReader, Table } from '../table.js';

/** A shape as data: what the docs, `schema --csv`, the errors and the reading agree on. */
export interface Shape {
  readonly name: ShapeName;
  /** What one row is, for messages and docs: `one listening session`. */
  readonly row: string;
  /** Columns without which the table cannot be read; of an inner list one is enough. */
  readonly required: readonly (ColumnName | readonly ColumnName[])[];
  readonly optional: readonly ColumnName[];
  /** A header and rows that can be read: what `schema --csv` prints. */
  readonly example: readonly (readonly string[])[];
  /** When the shape is chosen without `--shape`, in Markdown for docs/formats.md. */
  readonly chosenWhen: string;
  /** Whether these columns choose the shape without `--shape`. */
  readonly fits: (columns: Columns) => boolean;
  /** Whether a row is a whole session, so that a row left out leaves no session without a part. */
  readonly rowIsSession: boolean;
  /** Makes a reader of the rows of one table. */
  readonly reader: (table: Table) => RowReader;
}

/** The required columns that a table lacks; where one of several is enough, their names are joined by ` or `. */
export function missingColumns(shape: Shape, columns: Columns, organization: string | undefined): string[] {
  return missingOf(shape, columns, organization).map((names) => names.join(' or '));
}

/** The same as lists of columns of which one is enough. */
export function missingOf(
  shape: Shape,
  columns: Columns,
  organization: string | undefined,
): (readonly ColumnName[])[] {
  return shape.required
    .map((column): readonly ColumnName[] => (typeof column === 'string' ? [column] : column))
    .filter((names) => !names.some((name) => columns.has(name)))
    .filter((names) => !(organization !== undefined && names.includes('OrganizationId')));
}

/** All columns that a shape reads. */
export function columnsOf(shape: Shape): ColumnName[] {
  return [...shape.required.flat(), ...shape.optional];
}
