/** Where the scanner took fewer lines in a row than this, more of what follows is parsed at once. */
const FEW_LINES = 8;
const MOST_LINES = 4096;

/** How many lines to parse, after one that the scanner did not take, before it is asked again. */
export class ParseAhead {
  #lines = 1;

  /** @param taken How many lines in a row it took before. */
  lines(taken: number): number {
    this.#lines = taken < FEW_LINES ? Math.min(2 * this.#lines, MOST_LINES) : 1;
    return this.#lines;
  }
}
