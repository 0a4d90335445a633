import type { ListenLengths } from '../../domain/record.js';
import { formatNumber } from '../../domain/text.js';
import type { LengthUnit } from '../../read/table-options.js';
import { excerpt, spreadsheetNumber } from '../../read/text.js';
import type { ColumnName, Columns } from '../columns.js';
import { perSecondOf, type Units, unitFlagOf } from '../headers.js';
import { MS_PER_UNIT, Thousands } from '../lengths.js';
import { DistanceTally } from '../medians.js';
import { type ExportRepeated, ExportRepeatedTally } from './export-repeated.js';
import type { SessionFacts } from './facts.js';
import { TableUnit, type UnitExample, type UnitSuspicion } from './table-unit.js';

/** A finding about a column with implausible values. */
export interface PlausibilityFinding<P> {
  readonly rule: 'table-unit' | 'digits-lost';
  readonly column: ColumnName;
  /** The cell; undefined for a finding about the whole column, whose place is the column's first cell. */
  readonly place: P | undefined;
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

interface PlausibilityOptions {
  readonly columns: Columns;
  readonly units: Units;
  /** Fastest playback to accept (`--max-speed`). */
  readonly maxSpeed: number;
  /** Whether a number can have a decimal comma; false where commas separate cells. */
  readonly commaAllowed?: boolean;
}

const TIMES = ['StartedAt', 'EndedAt', 'Timestamp'] as const satisfies readonly ColumnName[];
const NUMBERS = [
  ...TIMES,
  ...(['Position', 'StartPosition', 'EndPosition', 'ListenedSeconds', 'ClipDuration', 'SeqNumber'] as const),
];

/** The columns that say how much was played. */
const AMOUNTS = ['ListenedSeconds', 'EndPosition'] as const satisfies readonly ColumnName[];

/**
 * Checks whether one table is plausible while it is read. Rows must be added in order, sessions in any order. Uses
 * bounded memory.
 */
export class Plausibility<P> {
  readonly #units: Units;
  readonly #unit: TableUnit<P>;
  readonly #digits: readonly {
    readonly column: ColumnName;
    readonly index: number;
    readonly lost: DigitsLost<P>;
  }[];
  readonly #thousands: readonly {
    readonly column: ColumnName;
    readonly index: number;
    readonly tally: Thousands<P>;
  }[];
  readonly #repeated: ExportRepeatedTally;
  readonly #lengths = new ListenLengthsTally();

  constructor({ columns, units, maxSpeed, commaAllowed = true }: PlausibilityOptions) {
    this.#units = units;
    const lengthsOnly = columns.has('ListenedSeconds') && !columns.has('EndPosition');
    this.#unit = new TableUnit(maxSpeed, MS_PER_UNIT[lengthsOnly ? units.duration : units.position]);
    this.#repeated = new ExportRepeatedTally(TIMES.flatMap((column) => columns.get(column) ?? []));
    this.#digits = NUMBERS.flatMap((column) => {
      const index = columns.get(column);
      return index === undefined
        ? []
        : [{ column, index, lost: new DigitsLost<P>(perSecondOf(column, units)) }];
    });
    this.#thousands = AMOUNTS.flatMap((column) => {
      const index = columns.get(column);
      const unit = column === 'ListenedSeconds' ? units.duration : units.position;
      return index === undefined || unit !== 's'
        ? []
        : [{ column, index, tally: new Thousands<P>(commaAllowed) }];
    });
  }

  /**
   * Adds the next row, even one that cannot be read.
   * @param startedAtMs its StartedAt, or Timestamp, in unix milliseconds; undefined if it cannot be read
   * @param placeOf the place of a cell by its index
   */
  addRow(
    cells: readonly string[],
    startedAtMs: number | undefined,
    line: number,
    placeOf: (index: number) => P,
  ): void {
    this.addCells(cells, placeOf);
    this.#repeated.add(cells, startedAtMs, line);
  }

  /** Adds the cells of a row without the row itself: `addHashed` adds that. */
  addCells(cells: readonly string[], placeOf: (index: number) => P): void {
    for (const { index, lost } of this.#digits) {
      const cell = cells[index];
      if (cell?.includes('E') || cell?.includes('e')) lost.add(cell, placeOf(index));
    }
    for (const { index, tally } of this.#thousands) tally.add(cells[index] ?? '', () => placeOf(index));
  }

  /** Adds the next row by its hashes: with its times, and without them. */
  addHashed(hash: number, withoutTimes: number, startedAtMs: number | undefined, line: number): void {
    this.#repeated.addHashed(hash, withoutTimes, startedAtMs, line);
  }

  /** Adds a session once all its rows are known. */
  addSession(facts: SessionFacts<P>): void {
    this.#unit.add(facts);
    this.#lengths.add(facts);
  }

  /** The findings about columns: at most one per rule and column. */
  findings(): PlausibilityFinding<P>[] {
    const digits = this.#digits.flatMap(({ column, lost }): PlausibilityFinding<P>[] => {
      const found = lost.lost();
      return found ? [{ rule: 'digits-lost', column, ...found }] : [];
    });
    const units = this.#unit.suspicions().map(
      (suspicion): PlausibilityFinding<P> => ({
        rule: 'table-unit',
        column: suspicion.column,
        place: suspicion.condition === 'interval-too-long' ? suspicion.examples[0]!.place : undefined,
        ...unitMessage(suspicion, this.#units),
      }),
    );
    const thousands = this.#thousands.flatMap(({ column, tally }): PlausibilityFinding<P>[] => {
      const found = tally.found(column);
      return found ? [{ rule: 'table-unit', column, ...found }] : [];
    });
    const separated = new Set(thousands.map(({ column }) => column));
    return [...digits, ...thousands, ...units.filter(({ column }) => !separated.has(column))];
  }

  /** The diagnosis `export-repeated`; undefined where no rows are repeated. */
  repeated(): ExportRepeated | undefined {
    return this.#repeated.found();
  }

  /** How long people listened in the table's sessions; undefined without a session. */
  lengths(): ListenLengths | undefined {
    return this.#lengths.lengths();
  }
}

/** Collects how long people listened in a table's sessions. Uses bounded memory. */
export class ListenLengthsTally {
  readonly #lengths = new DistanceTally();
  #longestMs = 0;
  #checked = false;

  add({ rows, durationMs }: SessionFacts<unknown>): void {
    const listenedMs = rows.reduce((sum, { audioMs }) => sum + Math.max(0, audioMs), 0);
    this.#lengths.add(listenedMs);
    this.#longestMs = Math.max(this.#longestMs, listenedMs);
    this.#checked ||= durationMs !== undefined || rows.some(({ clockMs }) => clockMs !== undefined);
  }

  /** Undefined without a session. */
  lengths(): ListenLengths | undefined {
    const medianMs = this.#lengths.median();
    return medianMs === undefined
      ? undefined
      : { longestMs: this.#longestMs, medianMs, checked: this.#checked };
  }
}

const MAX_DIGITS = 7;

/** A finding about a column whose numbers lost digits. */
interface LostDigits<P> {
  /** The first number written like `1.77E+09`. */
  readonly place: P;
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/** Looks for lost digits in one column of numbers (rule `digits-lost`). Constant memory. */
export class DigitsLost<P> {
  /** The power of ten, in the column's own unit, of the last digit that a number needs. */
  readonly #neededPlace: number;
  #first: { readonly text: string; readonly place: P } | undefined;
  #cells = 0;
  #exact = false;

  /** @param perSecond how many of the column's unit make a second: 1, or 1000 for milliseconds; 1 for numbers that count */
  constructor(perSecond = 1) {
    this.#neededPlace = Math.log10(perSecond);
  }

  /** Adds the column's next cell, which need not be a number. */
  add(text: string, place: P): void {
    const number = spreadsheetNumber(text);
    if (!number) return;
    this.#cells += 1;
    this.#first ??= { text, place };
    this.#exact ||= number.digits > MAX_DIGITS || number.lastPlace <= this.#neededPlace;
  }

  /** The finding; undefined where no digits are lost. */
  lost(): LostDigits<P> | undefined {
    if (!this.#first || this.#exact) return undefined;
    const others = this.#cells > 1 ? `, and ${this.#cells - 1} more like it` : '';
    return {
      place: this.#first.place,
      expected: 'numbers with all their digits',
      received: `${excerpt(this.#first.text)}${others}: digits are lost`,
      hint: 'Spreadsheets shorten large numbers like this. Export the column as text',
    };
  }
}

const NAMES: Readonly<Record<LengthUnit, string>> = { s: 'seconds', ms: 'milliseconds', min: 'minutes' };

/** The finding's phrases and its hint. */
export interface UnitMessage {
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/**
 * Writes the message of a suspicion. It names a factor and a flag only where the data shows them; else it shows three
 * rows and lists the possible units.
 * @param units the units in force
 */
export function unitMessage<P>(suspicion: UnitSuspicion<P>, units: Units): UnitMessage {
  const inForce = suspicion.column === 'ListenedSeconds' ? units.duration : units.position;
  return {
    expected: `${suspicion.column} in ${NAMES[inForce]}`,
    received: `${receivedText(suspicion)}: ${suspicion.examples.map((example) => exampleText(suspicion, example)).join(', ')}`,
    hint: hintText(suspicion, inForce, units),
  };
}

function receivedText<P>({ condition, factor, hits, of, share }: UnitSuspicion<P>): string {
  if (share !== undefined)
    return `a ${share}: the largest value of each clip is ${share === 'fraction' ? 1 : 100}`;
  const some = `${formatNumber(hits)} of ${formatNumber(of)}`;
  switch (condition) {
    case 'interval-too-long':
      return `${some} intervals longer than 30 h`;
    case 'beyond-durations':
      return `${some} sessions that reach farther than 15 times the clip's duration`;
    case 'fraction-of-durations':
      return `${some} sessions that end at ${factorText(factor)} of the clip's duration`;
    case 'against-clock':
      return factor === undefined
        ? `numbers that do not fit the clock in ${some} rows`
        : `numbers about ${factorText(factor)} times the clock in ${some} rows`;
  }
}

function factorText(factor: number | undefined): string {
  if (factor === undefined) return 'the same small part';
  return factor < 1 ? `1/${formatNumber(Math.round(1 / factor))}` : formatNumber(factor);
}

function exampleText<P>({ condition }: UnitSuspicion<P>, { amountMs, againstMs }: UnitExample<P>): string {
  if (againstMs === undefined) return lengthText(amountMs);
  const against =
    condition === 'beyond-durations' || condition === 'fraction-of-durations' ? 'in a clip of' : 'in';
  return `${lengthText(amountMs)} ${against} ${lengthText(againstMs)}`;
}

function lengthText(ms: number): string {
  const seconds = ms / 1000;
  return `${seconds < 100 ? Number(seconds.toPrecision(3)) : formatNumber(Math.round(seconds))} s`;
}

function hintText<P>(suspicion: UnitSuspicion<P>, inForce: LengthUnit, units: Units): string {
  const { condition, column, against, factor, share, hits, of } = suspicion;
  const flag = unitFlagOf(column)!;
  if (share !== undefined) {
    return `A ${share} does not say which seconds were played, so it cannot be read: export seconds or positions`;
  }
  const ways: string[] = [];
  if (factor !== undefined) {
    const right = unitOf(MS_PER_UNIT[inForce] / factor);
    if (right) ways.push(`if ${column} is in ${NAMES[right]}, add ${flag} ${right}`);
    const rightDuration =
      against === 'ClipDuration' ? unitOf(MS_PER_UNIT[units.clipDuration] * factor) : undefined;
    if (rightDuration)
      ways.push(`if ClipDuration is in ${NAMES[rightDuration]}, add --clip-duration-unit ${rightDuration}`);
  }
  if (ways.length === 0) {
    const tooLarge = condition === 'interval-too-long' || condition === 'beyond-durations';
    const order = tooLarge ? (['ms', 's', 'min'] as const) : (['min', 'ms', 's'] as const);
    const others = order.filter((unit) => unit !== inForce);
    ways.push(
      `${column} is not in ${NAMES[inForce]}: perhaps ${others.map((unit) => `${NAMES[unit]} (${flag} ${unit})`).join(', ')}, or a percentage, which cannot be read`,
    );
  }
  if (condition === 'interval-too-long' && hits < of)
    ways.push('or these rows are wrong and the others are right');
  if (against === 'times') ways.push('or the times of the rows are wrong (StartedAt, EndedAt)');
  if (against === 'ClipDuration' && factor === undefined)
    ways.push("or the clips' durations are wrong (ClipDuration, --clips)");
  return sentence(ways.join('; '));
}

function unitOf(msPerUnit: number): LengthUnit | undefined {
  return (Object.keys(MS_PER_UNIT) as LengthUnit[]).find(
    (unit) => Math.abs(MS_PER_UNIT[unit] / msPerUnit - 1) < 1e-9,
  );
}

function sentence(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
