import { UserError } from '../domain/errors.js';
import { isGuid } from '../domain/guid.js';
import { nearest } from '../domain/text.js';
import { EVENT_FIELDS, type EventField } from '../wire/event.js';

/** The columns of tables that are not fields of an event (`docs/formats.md`). */
const OWN_COLUMNS = [
  'Source',
  'ClipDuration',
  'StartedAt',
  'EndedAt',
  'Segments',
  'ListenedSeconds',
  'StartPosition',
  'EndPosition',
  'Speed',
] as const;

export type ColumnName = EventField | (typeof OWN_COLUMNS)[number];

/** Every column that some shape reads. */
export const COLUMNS: readonly ColumnName[] = [...EVENT_FIELDS, ...OWN_COLUMNS];

/** The index of each column of a table, from 0; a column that the table lacks is absent. */
export type Columns = ReadonlyMap<ColumnName, number>;

const BY_KEY = new Map(COLUMNS.map((name) => [columnKey(name), name]));

/** The form in which column names are compared: letter case, `_`, `-`, white space and a byte-order mark do not matter. */
export function columnKey(header: string): string {
  return header.replaceAll(/[\s_-]/g, '').toLowerCase();
}

/** Checks that the left sides of `--map` are columns. @throws UserError of kind `usage` if one of them is not. */
export function readMap(map: ReadonlyMap<string, string>): ReadonlyMap<ColumnName, string> {
  const known = new Map<ColumnName, string>();
  for (const [name, header] of map) {
    const column = BY_KEY.get(columnKey(name));
    if (!column) {
      const guess = nearest(name, COLUMNS);
      throw new UserError(
        'usage',
        `--map names no known column: ${JSON.stringify(name)}`,
        guess ? `Did you mean --map ${guess}=${header}?` : `The columns are ${COLUMNS.join(', ')}`,
      );
    }
    known.set(column, header);
  }
  return known;
}

/**
 * Finds the columns in a header row (of CSV, or the keys of an object).
 * @throws UserError of kind `input` where headers are equal, or the table lacks a header that `--map` names.
 */
export function findColumns(
  header: readonly string[],
  map: ReadonlyMap<ColumnName, string>,
  file: string,
): Columns {
  refuseEqual(header, file);
  const columns = new Map<ColumnName, number>();
  for (const [column, name] of map) columns.set(column, mappedColumn(header, column, name, file));
  const taken = new Set(columns.values());
  const free = new Set(COLUMNS.filter((column) => !map.has(column)));
  header.forEach((name, index) => {
    const column = BY_KEY.get(columnKey(name));
    if (!column || !free.has(column) || taken.has(index)) return;
    const earlier = columns.get(column);
    if (earlier !== undefined) throw equalHeaders([header[earlier]!, name], file);
    columns.set(column, index);
  });
  return columns;
}

function mappedColumn(header: readonly string[], column: ColumnName, name: string, file: string): number {
  const index = findHeader(header, name, file);
  if (index !== undefined) return index;
  const guess = nearest(name, header);
  throw new UserError(
    'input',
    `${file}: no column ${JSON.stringify(name)}, which --map gives to ${column}; found ${listed(header)}`,
    guess ? `Did you mean ${mapping(column, guess)}?` : undefined,
  );
}

/**
 * The index of a header that an option names (`--map`, `--session-key`): of the exact header, else of the one that
 * compares equal.
 * @throws UserError of kind `input` where several compare equal.
 */
export function findHeader(header: readonly string[], name: string, file: string): number | undefined {
  const exact = header.indexOf(name);
  if (exact !== -1) return exact;
  const key = columnKey(name);
  const alike = header.flatMap((other, index) => (columnKey(other) === key ? [index] : []));
  if (alike.length > 1)
    throw equalHeaders(
      alike.map((index) => header[index]!),
      file,
    );
  return alike[0];
}

function refuseEqual(header: readonly string[], file: string): void {
  const seen = new Set<string>();
  for (const name of header) {
    if (name !== '' && seen.has(name))
      throw equalHeaders([name, name], file, header.some(isGuid) ? PUT_A_HEADER : RENAME);
    seen.add(name);
  }
}

const RENAME = 'Rename one of them, or leave one out';
/** What to do about a file whose first row is not a header. */
export const PUT_A_HEADER =
  'The first row holds data, not the names of columns. Put a header in front, with names such as ClipId, StartedAt and ListenedSeconds';

function equalHeaders(names: readonly string[], file: string, hint = RENAME): UserError {
  return new UserError('input', `${file}: equal headers: ${listed(names)}`, hint);
}

/** Headers as a message shows them: at most 30, each at most 60 characters. */
export function listed(names: readonly string[]): string {
  const shown = names
    .slice(0, 30)
    .map((name) => JSON.stringify(name.slice(0, 60)).replace(/^"([\w.-]+)"$/, '$1'));
  return shown.join(', ') + (names.length > 30 ? ` and ${names.length - 30} more` : '');
}

/** The `--map` option that maps a header to a column, quoted for a shell. */
export function mapping(column: ColumnName, header: string): string {
  return /^[\w.]+$/.test(header)
    ? `--map ${column}=${header}`
    : `--map ${JSON.stringify(`${column}=${header}`)}`;
}
