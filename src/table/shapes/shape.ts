import type { ShapeName } from '../../read/table-options.js';
import type { ColumnName, Columns } from '../columns.js';
import type { RowReader, Table } from '../table.js';

/** A shape as data: the docs, `schema --csv`, the errors and the reader all use it. */
export interface Shape {
  readonly name: ShapeName;
  /** What one row is, for messages and docs: `one listening session`. */
  readonly row: string;
  /** Columns that the table must have; one column of each inner list is enough. */
  readonly required: readonly (ColumnName | readonly ColumnName[])[];
  readonly optional: readonly ColumnName[];
  /** A header and example rows, which `schema --csv` prints. */
  readonly example: readonly (readonly string[])[];
  /** When the shape is chosen without `--shape`, in Markdown for docs/formats.md. */
  readonly chosenWhen: string;
  /** Whether these columns choose the shape without `--shape`. */
  readonly fits: (columns: Columns) => boolean;
  /** Whether a row is a whole session: then leaving a row out never leaves part of a session. */
  readonly rowIsSession: boolean;
  /** Makes a reader of the rows of one table. */
  readonly reader: (table: Table) => RowReader;
}

/** The required columns that a table lacks; where one of several columns is enough, their names are joined by ` or `. */
export function missingColumns(shape: Shape, columns: Columns, organization: string | undefined): string[] {
  return missingOf(shape, columns, organization).map((names) => names.join(' or '));
}

/** The required columns that a table lacks: one column of each inner list is enough. */
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
