import Table from 'cli-table3';
import stringWidth from 'string-width';
import { escaped } from '../../domain/text.js';
import { widthOf } from '../../domain/wrap.js';

/** The space between columns. */
const GAP = '  ';

const NO_LINES = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((line) => [line, '']),
);

/** A text of any script in at most a fixed number of columns. A longer text is cut off. Control characters are escaped. */
export function fitted(text: string, columns: number): string {
  const whole = escaped(text);
  if (stringWidth(whole) <= columns) return whole;
  let [cut, width] = ['', 1];
  for (const { segment } of new Intl.Segmenter('en').segment(whole)) {
    width += stringWidth(segment);
    if (width > columns) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** A column of a table for people. */
export interface Column<Row> {
  readonly head: string;
  /** The text of a cell. It can have colours if the column cannot be cut. */
  readonly cell: (row: Row) => string;
  readonly align?: 'left';
  /** The order in which columns are left out if the table is too wide; absent for columns that stay. */
  readonly leaves?: number;
  /** The width to which cells can be cut; absent for cells that stay whole. */
  readonly shortest?: number;
}

export interface TableLook {
  /** The width of the terminal; null without one: the table is then as wide as it needs. */
  readonly width: number | null;
  readonly bold: (text: string) => string;
}

/**
 * A table without lines, with blanks between its columns. If the terminal is too narrow, cells with a `shortest` are
 * cut and columns with `leaves` are left out; if that is not enough, each word of a head is on its own line; if that is
 * not enough, each row is written as a list.
 */
export function textTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, bold }: TableLook,
): string {
  if (width === null) return drawn(columns, rows, bold);
  const kept = fitting(columns, rows, width);
  const fits = (text: string): boolean => text.split('\n').every((line) => widthOf(line) <= width);
  const table = drawn(kept, rows, bold);
  if (fits(table)) return table;
  const below = kept.map((column) => ({ ...column, head: column.head.replaceAll(' ', '\n') }));
  const narrow = drawn(below, rows, bold);
  return fits(narrow) ? narrow : listed(kept, rows, bold);
}

function fitting<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): readonly Column<Row>[] {
  const widths = new Map(
    columns.map((column) => [
      column,
      rows.reduce((widest, row) => Math.max(widest, widthOf(column.cell(row))), widthOf(column.head)),
    ]),
  );
  const least = (column: Column<Row>): number =>
    Math.min(widths.get(column)!, column.shortest ?? Number.POSITIVE_INFINITY);
  const needed = (): number => kept.reduce((sum, column) => sum + GAP.length + least(column), -GAP.length);
  let kept = columns;
  for (const next of columns.filter(({ leaves }) => leaves !== undefined).toSorted(byLeaving)) {
    if (needed() <= width) break;
    kept = kept.filter((column) => column !== next);
  }
  const spare = Math.max(0, width - needed());
  return kept.map((column) =>
    column.shortest === undefined
      ? column
      : { ...column, cell: (row) => fitted(column.cell(row), least(column) + spare) },
  );
}

function byLeaving(a: { readonly leaves?: number }, b: { readonly leaves?: number }): number {
  return (a.leaves ?? 0) - (b.leaves ?? 0);
}

function drawn<Row>(columns: readonly Column<Row>[], rows: readonly Row[], bold: TableLook['bold']): string {
  const table = new Table({
    head: columns.map(({ head }) => head.replaceAll(/.+/g, (words) => bold(words))),
    colAligns: columns.map(({ align }): 'left' | 'right' => align ?? 'right'),
    chars: { ...NO_LINES, middle: GAP },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push(columns.map(({ cell }) => cell(row)));
  return table.toString().replaceAll(/ +$/gm, '');
}

/** Writes each row as a list: one line per cell, with its head. */
function listed<Row>(columns: readonly Column<Row>[], rows: readonly Row[], bold: TableLook['bold']): string {
  const widest = Math.max(...columns.map(({ head }) => widthOf(head)));
  const line = ({ head, cell }: Column<Row>, row: Row): string =>
    `${bold(head)}${' '.repeat(widest - widthOf(head))}${GAP}${cell(row)}`.trimEnd();
  return rows.map((row) => columns.map((column) => line(column, row)).join('\n')).join('\n\n');
}
