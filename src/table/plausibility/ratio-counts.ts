/** Factors by which a wrong unit is off: minutes for seconds, milliseconds for seconds, and the other way round. */
export const FACTORS = [60, 1000, 1 / 60, 1 / 1000] as const;
export type Factor = (typeof FACTORS)[number];

const FAST = 10;
const SLOW = 0.1;
/** Below this the clock is a pause of days, and says nothing about the unit. */
const LEAST = 0.0002;
const NEAR = 0.25;
const LEAST_ROWS = 5;

/** What the ratios of audio to clock of a table's rows say: condition (d) of `table-unit`. */
export type RatioVerdict = 'too-much-audio' | 'too-little-audio' | undefined;

/**
 * Counts ratios of audio to clock. Percentiles are only compared with fixed limits, so that counts are enough: exact in constant memory.
 * The p-th percentile is the smallest ratio that at least p % of the rows do not exceed.
 */
export class RatioCounts {
  #rows = 0;
  #upToFast = 0;
  #upToLeast = 0;
  #belowSlow = 0;
  readonly #belowNear = FACTORS.map(() => 0);
  readonly #upToNear = FACTORS.map(() => 0);

  add(ratio: number): void {
    this.#rows += 1;
    if (ratio <= FAST) this.#upToFast += 1;
    if (ratio <= LEAST) this.#upToLeast += 1;
    if (ratio < SLOW) this.#belowSlow += 1;
    FACTORS.forEach((factor, index) => {
      if (ratio < factor * (1 - NEAR)) this.#belowNear[index]! += 1;
      if (ratio <= factor * (1 + NEAR)) this.#upToNear[index]! += 1;
    });
  }

  get rows(): number {
    return this.#rows;
  }

  /** Whether the median is over 10, or the 90th percentile over 0.0002 and under 0.1; from 5 rows on. */
  verdict(): RatioVerdict {
    if (this.#rows < LEAST_ROWS) return undefined;
    if (this.#upToFast < this.#rank(0.5)) return 'too-much-audio';
    const ninetieth = this.#rank(0.9);
    return this.#belowSlow >= ninetieth && this.#upToLeast < ninetieth ? 'too-little-audio' : undefined;
  }

  /** The factor that the 75th and the 90th percentile both lie within 25 % of; undefined where there is none. */
  factor(): Factor | undefined {
    return FACTORS.find((_, index) =>
      [0.75, 0.9].every(
        (share) => this.#belowNear[index]! < this.#rank(share) && this.#upToNear[index]! >= this.#rank(share),
      ),
    );
  }

  #rank(share: number): number {
    return Math.ceil(share * this.#rows);
  }
}
