import type { LengthUnit } from '../read/table-options.js';
import { type Decimal, excerpt, readDecimal, scaled } from '../read/text.js';
import type { Unreadable } from './cell-values.js';
import type { ColumnName } from './columns.js';

export const MS_PER_UNIT: Readonly<Record<LengthUnit, number>> = { s: 1000, ms: 1, min: 60_000 };
const CLOCK = /^(?:(\d+):([0-5]\d)|(\d+)):([0-5]\d(?:[.,]\d+)?)$/;
/** A number with thousands separators: `1.234,5`, `1,234` or `1 234`. */
const GROUPED = /^\d{1,3}(?:[.,\s'’]\d{3})+(?:[.,]\d+)?$/;
const COMMA = /^-?(?:0|[1-9]\d*),\d+$/;

/** How the numbers of one column are written. */
export interface LengthOptions {
  readonly unit: LengthUnit;
  /** Whether a cell can contain a comma: false where the comma delimits cells. */
  readonly commaAllowed: boolean;
}

/** Reads the lengths and positions of one column: seconds (or the column's unit), `h:mm:ss` or `m:ss`. */
export class LengthReader {
  readonly #factor: number;
  readonly #commaAllowed: boolean;
  /** The decimal sign of the column's first fraction. A column with both signs is ambiguous. */
  #point: '.' | ',' | undefined;

  constructor({ unit, commaAllowed }: LengthOptions) {
    this.#factor = MS_PER_UNIT[unit];
    this.#commaAllowed = commaAllowed;
  }

  /**
   * Whole milliseconds, rounded half up; or why the text is not a length. `h:mm:ss` is valid in every unit.
   * @param expected what the column needs, for the message: `a number of seconds`
   */
  read(text: string, expected: string): number | Unreadable {
    const trimmed = text.trim();
    const clock = this.#clock(trimmed);
    if (clock !== undefined) return clock;
    const decimal = this.#decimal(trimmed);
    const ms = decimal && scaled(decimal, this.#factor, 'half-up');
    if (ms !== undefined && ms >= 0 && !(decimal?.negative && ms !== 0)) return ms;
    return { expected, received: excerpt(text), hint: this.#hint(trimmed) };
  }

  #clock(text: string): number | undefined {
    const parts = CLOCK.exec(text);
    if (!parts || !this.#takes(text)) return undefined;
    const [, hours = '0', minutesOfHour, minutes, seconds] = parts;
    const ms = scaled(readDecimal(seconds!.replace(/^0(?=\d)/, '').replace(',', '.'))!, 1000, 'half-up')!;
    const total = (Number(hours) * 60 + Number(minutesOfHour ?? minutes)) * 60_000 + ms;
    return Number.isSafeInteger(total) ? total : undefined;
  }

  #decimal(text: string): Decimal | undefined {
    if (!this.#takes(text)) return undefined;
    return readDecimal(COMMA.test(text) ? text.replace(',', '.') : text);
  }

  /** Whether a number has the column's decimal sign. The first fraction decides which sign that is. */
  #takes(text: string): boolean {
    const point = text.includes(',') ? ',' : text.includes('.') ? '.' : undefined;
    if (point === undefined) return true;
    if (point === ',' && !this.#commaAllowed) return false;
    this.#point ??= point;
    return this.#point === point;
  }

  #hint(text: string): string {
    if (/%/.test(text)) {
      return 'A percentage does not say which seconds were played, so it cannot be read: export seconds or positions';
    }
    if (/^-[\d.,:]+$/.test(text))
      return 'Check how the column is computed: a length cannot be negative. Leave the cell empty where the length is not known';
    if (GROUPED.test(text)) {
      return `Write numbers without thousands separators, and decimals with a point: ${withoutThousands(text)}`;
    }
    if (/^[\d.,]+$/.test(text) && /[.,]/.test(text)) {
      const mixed = this.#point !== undefined && text.includes(this.#point === ',' ? '.' : ',');
      return mixed
        ? `Write decimals with a point: 4.5; this column also has numbers with a ${this.#point === ',' ? 'comma' : 'point'}`
        : 'Write decimals with a point: 4.5';
    }
    return 'Write seconds or h:mm:ss, and leave the cell empty where the length is not known';
  }
}

/** Where a number has two kinds of separators, the last one is the decimal sign. */
function withoutThousands(text: string): string {
  const separators = text.match(/\D/g)!;
  const decimal = separators.some((separator) => separator !== separators[0])
    ? separators.at(-1)!
    : undefined;
  const [whole, fraction] = decimal === undefined ? [text] : text.split(decimal);
  const digits = whole!.replaceAll(/\D/g, '');
  return fraction === undefined ? digits : `${digits}.${fraction}`;
}

const MIN_WHOLE = 5;
const MIN_GROUPED = 5;
const WHOLE = /^\d{1,3}$/;
/** As seconds, such a number is under 30 s; as thousands, it is under 30,000 s. */
const LIKELY_GROUPED = /^[12]?[1-9][.,]\d{3}$|^[12]0[.,]\d{3}$/;

/** A number that most likely has a thousands separator, and how many of which form the column has. */
interface ThousandsFound<P> {
  readonly place: P;
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/**
 * Looks for thousands separators in one column of seconds: `1.834` of a German spreadsheet would be read as 1.834 s. A
 * column has them if at least five numbers look like this, all others are whole and under 1,000, and at least five
 * different ones of these are 100 or more. Constant memory.
 */
export class Thousands<P> {
  readonly #whole = new Set<string>();
  #wholeCount = 0;
  #groupedCount = 0;
  #first: { readonly text: string; readonly place: P } | undefined;
  #other = false;

  /** @param commaAllowed whether a number with a comma is read; if not, it is refused anyway */
  constructor(private readonly commaAllowed: boolean) {}

  /** Adds the column's next cell, which need not be a number. @param placeOf the place of the cell */
  add(cell: string, placeOf: () => P): void {
    if (this.#other) return;
    const text = cell.trim();
    if (text === '') return;
    if (WHOLE.test(text)) {
      this.#wholeCount += 1;
      if (text.length === 3 && this.#whole.size < MIN_WHOLE) this.#whole.add(text);
    } else if (text.includes(',') && !this.commaAllowed) this.#other = true;
    else if (
      LIKELY_GROUPED.test(text) &&
      this.#first?.text.includes(text.includes(',') ? '.' : ',') !== true
    ) {
      this.#groupedCount += 1;
      this.#first ??= { text, place: placeOf() };
    } else if (/\d/.test(text)) this.#other = true;
  }

  /** The finding; undefined where the numbers have no thousands separators. */
  found(column: ColumnName): ThousandsFound<P> | undefined {
    if (this.#other || !this.#first || this.#groupedCount < MIN_GROUPED || this.#whole.size < MIN_WHOLE)
      return undefined;
    const { text, place } = this.#first;
    return {
      place,
      expected: `${column} without thousands separators`,
      received: `${this.#wholeCount} whole numbers under 1,000, and ${this.#groupedCount} numbers like ${text}`,
      hint: `If ${text} means ${text.replace(/[.,]/, '')}, export numbers without thousands separators. If it means less than 30 s, add --rule table-unit=warning`,
    };
  }
}
