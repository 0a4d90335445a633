import { UserError } from '../domain/errors.js';
import {
  LENGTH_UNITS,
  type LengthUnit,
  TIME_UNITS,
  type TimeUnit,
  type UnitOptions,
} from '../read/table-options.js';
import { type ColumnName, type Columns, columnKey } from './columns.js';

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

/** For units that cannot be read: what to do about such a column, and why. */
const NO_FLAG: Readonly<Partial<Record<NamedUnit, string>>> = {
  h: 'Convert the column to seconds, minutes or h:mm:ss',
  us: 'Convert the column to seconds or milliseconds',
  ns: 'Convert the column to seconds or milliseconds',
  ticks: 'Convert the column to seconds or milliseconds',
  percent:
    'A percentage does not say which seconds were played, so it cannot be read: export seconds or positions',
  fraction:
    'A fraction does not say which seconds were played, so it cannot be read: export seconds or positions',
  count: 'A count does not say which seconds were played, so it cannot be read: export seconds or positions',
};

const CONVERT = 'Convert the column to seconds';

/** The option that sets the unit of a column (`--duration-unit`); undefined where the column has no unit. */
export function unitFlagOf(column: ColumnName): (typeof FLAGS)[UnitKind] | undefined {
  const kind = KIND[column];
  return kind && FLAGS[kind];
}

/**
 * The effective units, checked against the headers. A header that is the column's own name (`listened_seconds`) does
 * not name a unit: otherwise no flag could correct it. `ClipDuration` without its flag is read as its header says.
 * @param columns the indexes of the columns in `header`
 * @throws UserError of kind `input` where a header names another unit. The error names the flag to add, or says that
 * the unit cannot be read.
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

/** The unit that a header names for a column; undefined where it names no unit that a column of this kind can have. */
function headerUnit(column: ColumnName, header: string): NamedUnit | undefined {
  if (columnKey(header) === columnKey(column)) return undefined;
  const named = namedUnit(header);
  // In the header of a time, `hour` and `minute` name its precision, not its unit.
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

/** Why a column cannot be read from a header that names such a unit, and what to do; undefined where it can. */
export function whyUnreadable(column: ColumnName, header: string): string | undefined {
  const named = headerUnit(column, header);
  if (named === undefined || !namesUnreadableUnit(column, header)) return undefined;
  return `${JSON.stringify(header)} is ${UNIT_NAMES[named]} according to its name. ${NO_FLAG[named] ?? CONVERT}`;
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
      `${file}: column ${name} is ${UNIT_NAMES[named]} according to its name, and ${column} cannot be read in this unit`,
      NO_FLAG[named] ?? CONVERT,
    );
  }
  return new UserError(
    'input',
    `${file}: column ${name} is in ${UNIT_NAMES[named]} according to its name, but ${column} would be read in ${UNIT_NAMES[units[kind]]}`,
    `Add ${FLAGS[kind]} ${named}, or rename the column if its name is wrong`,
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

/** How many units of a column's numbers make one second; 1 where one unit is a second or longer, and for counts. */
export function perSecondOf(column: ColumnName, units: Units): number {
  const kind = KIND[column];
  return kind === undefined ? 1 : PER_SECOND[units[kind]];
}

/** The units that a header can name. No flag makes the last five readable. */
type NamedUnit = LengthUnit | TimeUnit | 'h' | 'ticks' | 'percent' | 'fraction' | 'count';

/** The words for each unit. `anywhere`: counts as any word of the header; `last`: counts only as its last word. */
const WORDS: Readonly<
  Record<NamedUnit, { readonly anywhere: readonly string[]; readonly last?: readonly string[] }>
> = {
  s: { anywhere: ['s', 'sec', 'secs', 'second', 'seconds'] },
  ms: { anywhere: ['ms', 'msec', 'msecs', 'milli', 'millis', 'millisecond', 'milliseconds'] },
  us: {
    anywhere: ['usec', 'usecs', 'micro', 'micros', 'microsecond', 'microseconds', 'µs'],
    last: ['us'],
  },
  ns: { anywhere: ['nsec', 'nsecs', 'nano', 'nanos', 'nanosecond', 'nanoseconds'], last: ['ns'] },
  min: { anywhere: ['mins', 'minute', 'minutes'], last: ['min'] },
  h: { anywhere: ['hr', 'hrs', 'hour', 'hours'], last: ['h'] },
  ticks: { anywhere: ['tick', 'ticks'] },
  percent: { anywhere: ['percent', 'percents', 'percentage', 'percentile', 'pct', '%'] },
  fraction: { anywhere: ['fraction', 'ratio', 'share'] },
  count: { anywhere: ['count', 'counts', 'quartile', 'quartiles'] },
};

const ANYWHERE = unitsByWord(({ anywhere }) => anywhere);
const LAST = unitsByWord(({ last = [] }) => last);

/**
 * The words of which a header in small letters without a separator must consist before `ms`. Without this list,
 * `streams` and `items` would name milliseconds.
 */
const BEFORE_MS =
  /^(?:listen|listened|listening|heard|consumed|play|played|playing|playback|watch|watched|watching|duration|length|position|pos|offset|playhead|progress|current|total|elapsed|start|started|end|ended|stop|stopped|time|timestamp|ts|at|event|created|updated|unix|epoch|session|clip|episode|audio|media)+$/;

const GLUED: readonly (readonly [ending: string, unit: NamedUnit])[] = [
  ['millis', 'ms'],
  ['minutes', 'min'],
  ['seconds', 's'],
];

/** A header's words in small letters: split at `_`, `-`, white space, dots, and where a small letter meets a capital. */
export function headerWords(header: string): string[] {
  return header
    .replaceAll('\ufeff', '')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[\s_.-]+/)
    .filter((word) => word !== '');
}

/**
 * The unit that a header names: `ms` of `listened_ms`, `ticks` of `play_duration_ticks`; undefined where it names none.
 * If several words name a unit, a word for seconds wins, else the first word.
 */
export function namedUnit(header: string): NamedUnit | undefined {
  const words = headerWords(header);
  const units = words.flatMap((word, index) => {
    const unit = ANYWHERE.get(word) ?? (index === words.length - 1 ? LAST.get(word) : undefined);
    return unit === undefined ? [] : [unit];
  });
  if (units.length > 0) return units.includes('s') ? 's' : units[0];
  return /^[a-z]+$/.test(header.replaceAll('\ufeff', '').trim()) ? gluedUnit(words[0]!) : undefined;
}

function gluedUnit(word: string): NamedUnit | undefined {
  const glued = GLUED.find(([ending]) => word.endsWith(ending));
  if (glued) return glued[1];
  return word.endsWith('ms') && BEFORE_MS.test(word.slice(0, -2)) ? 'ms' : undefined;
}

function unitsByWord(
  wordsOf: (entry: (typeof WORDS)[NamedUnit]) => readonly string[],
): ReadonlyMap<string, NamedUnit> {
  const units = Object.keys(WORDS) as NamedUnit[];
  return new Map(units.flatMap((unit) => wordsOf(WORDS[unit]).map((word) => [word, unit] as const)));
}

/** A unit as messages write it. */
const UNIT_NAMES: Readonly<Record<NamedUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  min: 'minutes',
  h: 'hours',
  ticks: 'ticks',
  percent: 'a percentage',
  fraction: 'a fraction',
  count: 'a count',
};
