import { UserError } from '../domain/errors.js';
import {
  LENGTH_UNITS,
  type LengthUnit,
  TIME_UNITS,
  type TimeUnit,
  type UnitOptions,
} from '../read/table-options.js';
import { type ColumnName, type Columns, columnKey } from './columns.js';
import { type NamedUnit, namedUnit, UNIT_NAMES } from './units.js';

/** The units in which the numbers of a table are read. */
export interface Units {
  readonly duration: LengthUnit;
  readonly position: LengthUnit;
  readonly clipDuration: LengthUnit;
  readonly time: TimeUnit;
}

type UnitKind = keyof Units;

/** The kind of unit of a column's numbers; other columns have no unit. */
const KIND: Readonly<Partial<Record<ColumnName, UnitKind>>> = {
  ListenedSeconds: 'duration',
  Position: 'position',
  StartPosition: 'position',
  EndPosition: 'position',
  Segments: 'position',
  ClipDuration: 'clipDuration',
  StartedAt: 'time',
  EndedAt: 'time',
  Timestamp: 'time',
};

const FLAGS = {
  duration: '--duration-unit',
  position: '--position-unit',
  clipDuration: '--clip-duration-unit',
  time: '--timestamp-unit',
} as const satisfies Record<UnitKind, string>;

const PER_SECOND = { s: 1, ms: 1e3, us: 1e6, ns: 1e9, min: 1 } as const;

/** Why a column in such a unit cannot be read, and what to do. */
const NO_FLAG: Readonly<Partial<Record<NamedUnit, string>>> = {
  h: 'Convert the column to seconds, minutes or h:mm:ss',
  us: 'Convert the column to seconds or milliseconds',
  ns: 'Convert the column to seconds or milliseconds',
  ticks: 'Convert the column to seconds or milliseconds',
  percent:
    'A percentage does not say which seconds were played, so it is not read: export seconds or positions',
  fraction:
    'A fraction does not say which seconds were played, so it is not read: export seconds or positions',
  count: 'A count does not say which seconds were played, so it is not read: export seconds or positions',
};

/** The option that sets the unit of a column (`--duration-unit`); undefined where the column has no unit. */
export function unitFlagOf(column: ColumnName): (typeof FLAGS)[UnitKind] | undefined {
  const kind = KIND[column];
  return kind && FLAGS[kind];
}

/**
 * The effective units, checked against the headers. A header that is the column's own name (`listened_seconds`) says
 * nothing about the unit, otherwise no flag could correct it. `ClipDuration` without its flag is read as its header
 * says.
 * @param columns the indexes of the columns in `header`
 * @throws UserError of kind `input` at a header that names another unit: with the flag to add, or that the unit
 * cannot be read.
 */
export function unitsInForce(
  columns: Columns,
  header: readonly string[],
  options: UnitOptions,
  file: string,
): Units {
  const units: Units = {
    duration: options.durationUnit ?? 's',
    position: options.positionUnit ?? 's',
    clipDuration: options.clipDurationUnit ?? ownUnit('ClipDuration', columns, header) ?? 's',
    time: options.timestampUnit ?? 's',
  };
  for (const [column, index] of columns) {
    const kind = KIND[column];
    const named = headerUnit(column, header[index]!);
    if (kind && named && named !== units[kind])
      throw otherUnit(column, kind, header[index]!, named, units, file);
  }
  return units;
}

/** The unit that a header names for a column; undefined where it names none, or none that a column of this kind can have. */
export function headerUnit(column: ColumnName, header: string): NamedUnit | undefined {
  if (columnKey(header) === columnKey(column)) return undefined;
  const named = namedUnit(header);
  // `hour` and `minute` in the header of a time are its precision.
  if (KIND[column] === 'time') return isTimeUnit(named) || named === 'ticks' ? named : undefined;
  return KIND[column] ? named : undefined;
}

/**
 * The flag and unit to add for a header with a unit other than seconds: `--duration-unit ms`; undefined if none is
 * needed.
 */
export function unitFlagFor(column: ColumnName, header: string): string | undefined {
  const kind = KIND[column];
  const named = headerUnit(column, header);
  if (!kind || !named || named === 's' || kind === 'clipDuration') return undefined;
  return canRead(kind, named) ? `${FLAGS[kind]} ${named}` : undefined;
}

/** Whether a header names a unit in which the column cannot be read at all. */
export function namesUnreadableUnit(column: ColumnName, header: string): boolean {
  const kind = KIND[column];
  const named = headerUnit(column, header);
  return kind !== undefined && named !== undefined && !canRead(kind, named);
}

function ownUnit(column: ColumnName, columns: Columns, header: readonly string[]): LengthUnit | undefined {
  const index = columns.get(column);
  const named = index === undefined ? undefined : headerUnit(column, header[index]!);
  return isLengthUnit(named) ? named : undefined;
}

function otherUnit(
  column: ColumnName,
  kind: UnitKind,
  header: string,
  named: NamedUnit,
  units: Units,
  file: string,
): UserError {
  const name = JSON.stringify(header);
  if (!canRead(kind, named)) {
    return new UserError(
      'input',
      `${file}: column ${name} is ${UNIT_NAMES[named]} by its name, and ${column} cannot be read in this unit`,
      NO_FLAG[named] ?? `Convert the column to ${UNIT_NAMES.s}`,
    );
  }
  return new UserError(
    'input',
    `${file}: column ${name} is in ${UNIT_NAMES[named]} by its name, but ${column} would be read in ${UNIT_NAMES[units[kind]]}`,
    `Add ${FLAGS[kind]} ${named}, or rename the column where its name is wrong`,
  );
}

function canRead(kind: UnitKind, unit: NamedUnit): boolean {
  return kind === 'time' ? isTimeUnit(unit) : isLengthUnit(unit);
}

function isTimeUnit(unit: NamedUnit | undefined): unit is TimeUnit {
  return TIME_UNITS.some((known) => known === unit);
}

function isLengthUnit(unit: NamedUnit | undefined): unit is LengthUnit {
  return LENGTH_UNITS.some((known) => known === unit);
}

/** How many of a column's unit make a second, as far as whole numbers of it matter: 1000 for milliseconds; 1 for minutes and for counts. */
export function perSecondOf(column: ColumnName, units: Units): number {
  const kind = KIND[column];
  return kind === undefined ? 1 : PER_SECOND[units[kind]];
}
