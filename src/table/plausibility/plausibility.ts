import type { ListenLengths } from '../../domain/record.js';
import { excerpt, spreadsheetNumber } from '../../read/text.js';
import type { ColumnName, Columns } from '../columns.js';
import { perSecondOf, type Units } from '../headers.js';
import { MS_PER_UNIT } from '../lengths.js';
import { DistanceTally } from '../medians.js';
import { type ExportRepeated, ExportRepeatedTally } from './export-repeated.js';
import type { SessionFacts } from './facts.js';
import { TableUnit } from './table-unit.js';
import { unitMessage } from './unit-message.js';

/** That a column of a table cannot be believed. */
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
}

const TIMES = ['StartedAt', 'EndedAt', 'Timestamp'] as const satisfies readonly ColumnName[];
const NUMBERS = [
  ...TIMES,
  ...(['Position', 'StartPosition', 'EndPosition', 'ListenedSeconds', 'ClipDuration', 'SeqNumber'] as const),
];

/** Judges one table while it is read: its rows in their order, its sessions in any. Bounded memory. */
export class Plausibility<P> {
  readonly #units: Units;
  readonly #unit: TableUnit<P>;
  readonly #digits: readonly {
    readonly column: ColumnName;
    readonly index: number;
    readonly lost: DigitsLost<P>;
  }[];
  readonly #repeated: ExportRepeatedTally;
  readonly #lengths = new ListenLengthsTally();

  constructor({ columns, units, maxSpeed }: PlausibilityOptions) {
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
  }

  /** Takes the next row by the hashes of what it says, with its times and without. */
  addHashed(hash: number, withoutTimes: number, startedAtMs: number | undefined, line: number): void {
    this.#repeated.addHashed(hash, withoutTimes, startedAtMs, line);
  }

  /** Takes a session once all its rows are known. */
  addSession(facts: SessionFacts<P>): void {
    this.#unit.add(facts);
    this.#lengths.add(facts);
  }

  /** The findings on columns, at most one a rule and column. */
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
    return [...digits, ...units];
  }

  /** The diagnosis `export-repeated`; undefined where no rows are repeated. */
  repeated(): ExportRepeated | undefined {
    return this.#repeated.found();
  }

  /** How long the listening is; undefined where there is no session. */
  lengths(): ListenLengths | undefined {
    return this.#lengths.lengths();
  }
}

/** Collects how long the listening of a table's sessions is. Bounded memory. */
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

  /** Undefined where there is no session. */
  lengths(): ListenLengths | undefined {
    const medianMs = this.#lengths.median();
    return medianMs === undefined
      ? undefined
      : { longestMs: this.#longestMs, medianMs, checked: this.#checked };
  }
}

const MAX_DIGITS = 7;

/** That the digits of a column's numbers were lost. */
interface LostDigits<P> {
  /** The first number written like `1.77E+09`. */
  readonly place: P;
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/** Looks for lost digits in one column of numbers (rule `digits-lost`). Constant memory. */
export class DigitsLost<P> {
  /** The power of ten of the unit that is needed, in the column's own numbers. */
  readonly #neededPlace: number;
  #first: { readonly text: string; readonly place: P } | undefined;
  #cells = 0;
  #exact = false;

  /** @param perSecond how many of the column's unit make a second: 1, or 1000 for milliseconds; 1 for numbers that count */
  constructor(perSecond = 1) {
    this.#neededPlace = Math.log10(perSecond);
  }

  /** Takes the column's next cell, whatever it holds. */
  add(text: string, place: P): void {
    const number = spreadsheetNumber(text);
    if (!number) return;
    this.#cells += 1;
    this.#first ??= { text, place };
    this.#exact ||= number.digits > MAX_DIGITS || number.lastPlace <= this.#neededPlace;
  }

  /** What is wrong; undefined where no digits are lost. */
  lost(): LostDigits<P> | undefined {
    if (!this.#first || this.#exact) return undefined;
    const others = this.#cells > 1 ? `, and ${this.#cells - 1} more like it` : '';
    return {
      place: this.#first.place,
      expected: 'numbers with all their digits',
      received: `${excerpt(this.#first.text)}${others}: digits are lost`,
      hint: 'A spreadsheet wrote large numbers so; export the column as text',
    };
  }
}
