import { Counts } from './counts.js';
import type { LoggedPlay } from './play-log.js';

/** A bin that a position past every clip's end falls into. */
const PAST = 200_000;

/** The counts of a clip's bins of one length, for any duration: whole bins and single positions do not depend on it. */
export class Bins {
  readonly #binMs: number;
  readonly #startAt = new Counts();
  readonly #dropOff = new Counts();
  readonly #skips = new Counts();
  /** Where plays begin (+1) and cease (-1) to hold middles of bins. */
  readonly #held = new Counts();

  constructor(binMs: number) {
    this.#binMs = binMs;
  }

  add({ parts, startMs, stopMs, skips }: LoggedPlay): void {
    if (startMs !== null) this.#startAt.add(this.#binOf(startMs));
    if (stopMs !== null) this.#dropOff.add(this.#binOf(stopMs));
    for (const skip of skips) this.#skips.add(this.#binOf(skip));
    for (const [i, at] of parts.entries()) this.#held.add(this.#firstMiddleFrom(at), i % 2 === 0 ? 1 : -1);
  }

  /**
   * The graphs over so many bins.
   * @param last How many plays hold the middle of the last bin, which may be short.
   */
  graphs(
    bins: number,
    last: number,
  ): { retention: number[]; startAt: number[]; dropOff: number[]; skips: number[] } {
    const retention = this.#held.sums(bins);
    if (bins > 0) retention[bins - 1] = last;
    return {
      retention,
      startAt: this.#startAt.folded(bins),
      dropOff: this.#dropOff.folded(bins),
      skips: this.#skips.folded(bins),
    };
  }

  #binOf(ms: number): number {
    return Math.min(Math.floor(ms / this.#binMs), PAST);
  }

  #firstMiddleFrom(ms: number): number {
    return Math.min(Math.max(0, Math.ceil((2 * ms - this.#binMs) / (2 * this.#binMs))), PAST);
  }
}
