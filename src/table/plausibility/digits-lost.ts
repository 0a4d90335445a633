import { excerpt, spreadsheetNumber } from '../../read/text.js';

const MAX_DIGITS = 7;

/** That the digits of a column's numbers were lost. */
export interface LostDigits<P> {
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
