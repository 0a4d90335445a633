import { UserError } from '../../domain/errors.js';
import type { TextPosition } from '../../domain/place.js';
import { type ColumnName, type Columns, listed } from '../columns.js';
import { unitFlagOf } from '../headers.js';
import type { SourceRow } from '../table.js';
import type { SqlValue } from './duckdb.js';
import type { ResultColumn } from './statement.js';

/** The kinds of values. `other`: values that no column of a table can have. */
export type TypeKind =
  | 'text'
  | 'uuid'
  | 'whole'
  | 'number'
  | 'float'
  | 'moment'
  | 'local-time'
  | 'date'
  | 'truth'
  | 'interval'
  | 'bytes'
  | 'other';

const KINDS: Readonly<Record<string, TypeKind>> = {
  VARCHAR: 'text',
  ENUM: 'text',
  UUID: 'uuid',
  TINYINT: 'whole',
  SMALLINT: 'whole',
  INTEGER: 'whole',
  BIGINT: 'whole',
  HUGEINT: 'whole',
  UTINYINT: 'whole',
  USMALLINT: 'whole',
  UINTEGER: 'whole',
  UBIGINT: 'whole',
  UHUGEINT: 'whole',
  BIGNUM: 'whole',
  DECIMAL: 'number',
  DOUBLE: 'number',
  FLOAT: 'float',
  'TIMESTAMP WITH TIME ZONE': 'moment',
  TIMESTAMP: 'local-time',
  TIMESTAMP_S: 'local-time',
  TIMESTAMP_MS: 'local-time',
  TIMESTAMP_NS: 'local-time',
  DATE: 'date',
  BOOLEAN: 'truth',
  INTERVAL: 'interval',
  TIME: 'interval',
  TIME_NS: 'interval',
  BLOB: 'bytes',
};

/** The kind of the values of a SQL type, by the type's name. */
export function kindOfType(type: string): TypeKind {
  const [, name = ''] = /^([A-Z_ ]+)(?:\(.*\))?$/s.exec(type) ?? [];
  return KINDS[name] ?? 'other';
}

/** The kinds of values that each column of a table can have. */
type Use = 'id' | 'text' | 'number' | 'time';

const USES: Readonly<Partial<Record<ColumnName, Use>>> = {
  OrganizationId: 'id',
  ClipId: 'id',
  SessionId: 'id',
  StartedAt: 'time',
  EndedAt: 'time',
  Timestamp: 'time',
  SeqNumber: 'number',
  Speed: 'number',
};

const WANTED = {
  id: ['an id', ['text', 'uuid', 'whole']],
  text: ['a text', ['text', 'whole']],
  number: ['a number', ['text', 'whole', 'number', 'float']],
  time: ['a time', ['text', 'whole', 'number', 'moment', 'local-time']],
} as const satisfies Record<Use, readonly [string, readonly TypeKind[]]>;

function useOf(column: ColumnName): Use {
  if (column === 'Segments') return 'text';
  return USES[column] ?? (unitFlagOf(column) ? 'number' : 'text');
}

/** SQL that converts another type into one that can be read. */
const INSTEAD: Readonly<Record<Use, Readonly<Partial<Record<TypeKind, string>>>>> = {
  id: { bytes: 'lower(hex(NAME))', number: 'cast(NAME as bigint)' },
  text: { other: "array_to_string(NAME, ';')" },
  number: { interval: 'epoch(NAME)' },
  time: { date: 'the column that has the time of day', float: 'a double or a timestamp' },
};

/**
 * Rejects columns whose type does not fit what the shape reads in them.
 * @param columns The columns that are read.
 * @throws UserError of kind `input`, with what to select instead.
 */
export function refuseTypes(
  columns: Columns,
  types: readonly ResultColumn[],
  { timezone, file }: { readonly timezone: string | undefined; readonly file: string },
): void {
  for (const [column, index] of columns) {
    const { name, type } = types[index]!;
    const kind = kindOfType(type);
    const use = useOf(column);
    const [wanted, kinds] = WANTED[use];
    if (kind === 'local-time' && use === 'time' && timezone === undefined) {
      throw new UserError(
        'input',
        `${file}: column ${listed([name])} is ${type} without a time zone`,
        'Say which zone its times are in: --timezone UTC, or --timezone Europe/Berlin',
      );
    }
    if ((kinds as readonly TypeKind[]).includes(kind)) continue;
    const instead = INSTEAD[use][kind]?.replace('NAME', sqlName(name));
    throw new UserError(
      'input',
      `${file}: column ${listed([name])} is ${type}, and ${column} is ${wanted}`,
      instead === undefined
        ? `Name another column with --map ${column}=HEADER, or select ${wanted}`
        : `Select ${instead}${/^[a-z_]+\(/.test(instead) ? ` as ${sqlName(name)}` : ''} with --query`,
    );
  }
}

/** A name as SQL writes it. */
function sqlName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** The columns whose SQL type is a time: a unit in their header means nothing. */
export function typedTimes(types: readonly ResultColumn[]): ReadonlySet<number> {
  const times: readonly TypeKind[] = ['moment', 'local-time'];
  return new Set(types.flatMap(({ type }, index) => (times.includes(kindOfType(type)) ? [index] : [])));
}

/** The SQL that selects a column, with a cast where its type cannot be read directly. */
export function selected(reference: string, type: string): string {
  switch (kindOfType(type)) {
    case 'local-time':
      return type === 'TIMESTAMP' || type === 'TIMESTAMP_NS' ? reference : `${reference}::TIMESTAMP`;
    case 'date':
    case 'interval':
    case 'bytes':
    case 'other':
      return `${reference}::VARCHAR`;
    default:
      return reference;
  }
}

/** Where a column of the table is in the result. */
export interface Selected {
  readonly kind: TypeKind;
  readonly at: number;
  /** The index of the column with the texts of values that have no number in `words`. */
  readonly textAt?: number;
  /** The words that the values mean: value 1 is the first word. */
  readonly words?: readonly string[] | undefined;
}

/** The number of a value; undefined if it is not a number, or a double cannot hold it. */
export function numberOf(value: SqlValue, kind: TypeKind): number | undefined {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return undefined;
    return kind === 'float' ? shortestFloat(value) : value;
  }
  if (typeof value === 'bigint') return safe(value);
  if (typeof value !== 'object' || value === null || !('scale' in value)) return undefined;
  // Both operands are exact as doubles, so the quotient is the double nearest to the decimal.
  const digits = value.scale <= MAX_EXACT_POWER ? safe(value.value) : undefined;
  return digits === undefined ? undefined : digits / 10 ** value.scale;
}

const MAX_EXACT_POWER = 22;

function safe(value: bigint): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The unix seconds of a time, or of a number that is one; undefined for other values. */
export function secondsOf(value: SqlValue, kind: TypeKind): number | undefined {
  if (typeof value !== 'object' || value === null) return numberOf(value, kind);
  if ('micros' in value) {
    const micros = safe(value.micros);
    return micros === undefined || micros < 0 ? undefined : micros / 1e6;
  }
  if (!('nanos' in value)) return numberOf(value, kind);
  const whole = value.nanos / 1_000_000_000n;
  return value.nanos < 0n ? undefined : Number(whole) + Number(value.nanos - whole * 1_000_000_000n) / 1e9;
}

/** A row of a query. In its places, `line` is the number of the row, and `column` the number of the cell. */
export class QueryRow implements SourceRow {
  readonly column = 1;

  constructor(
    readonly line: number,
    readonly cells: readonly string[],
  ) {}

  /** The row as CSV. */
  get text(): string {
    return csvLine(this.cells);
  }

  locate(index: number): TextPosition {
    return { line: this.line, column: index + 1 };
  }
}

/** Cells as a row of CSV. */
export function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
}

/**
 * A value as a cell. Numbers have all their digits, times with a zone end in Z, ids are in lower case, and an absent
 * value is empty, so that every cell has one meaning only.
 */
export function cellOf(value: SqlValue, kind: TypeKind): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(kind === 'float' ? shortestFloat(value) : value);
  if (typeof value === 'object') {
    if ('micros' in value) return timeText(value.micros, 1_000_000n, 6, kind);
    if ('nanos' in value) return timeText(value.nanos, 1_000_000_000n, 9, kind);
    return value.toString();
  }
  return String(value);
}

/** The shortest decimal number with the same 32-bit float: 0.1 instead of 0.10000000149011612. */
function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** DuckDB's number for the time `infinity`; the negative number is `-infinity`. */
const INFINITY = 2n ** 63n - 1n;

function timeText(ticks: bigint, perSecond: bigint, digits: number, kind: TypeKind): string {
  if (ticks === INFINITY || ticks === -INFINITY) return 'infinity';
  const fraction = ((ticks % perSecond) + perSecond) % perSecond;
  const date = new Date(Number((ticks - fraction) / perSecond) * 1000);
  const whole = Number.isNaN(date.getTime()) ? 'out of range.' : date.toISOString();
  const rest = fraction === 0n ? '' : `.${String(fraction).padStart(digits, '0').replace(/0+$/, '')}`;
  return `${whole.slice(0, whole.indexOf('.'))}${rest}${kind === 'moment' ? 'Z' : ''}`;
}
