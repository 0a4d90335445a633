import type { LengthUnit } from '../read/table-options.js';
import { type Decimal, excerpt, readDecimal, scaled } from '../read/text.js';
import type { Unreadable } from './cell-values.js';

export const MS_PER_UNIT: Readonly<Record<LengthUnit, number>> = { s: 1000, ms: 1, min: 60_000 };
const CLOCK = /^(?:(\d+):([0-5]\d)|(\d+)):([0-5]\d(?:[.,]\d+)?)$/;
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
    if (/^[\d.,]+$/.test(text) && /[.,]/.test(text)) {
      const mixed = this.#point !== undefined && text.includes(this.#point === ',' ? '.' : ',');
      return mixed
        ? `Write decimals with a point: 4.5; this column also has numbers with a ${this.#point === ',' ? 'comma' : 'point'}`
        : 'Write decimals with a point: 4.5';
    }
    return 'Write seconds or h:mm:ss, and leave the cell empty where the length is not known';
  }
}
