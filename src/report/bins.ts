import { type ClipPlay, NO_POSITION } from './play.js';

/** The bin for all positions beyond the end of any clip. */
const MAX_BIN = 200_000;

const FIRST_CAPACITY = 16;

/** The counts of `Bins` in a form that can be stored. */
export type StoredBins = readonly Int32Array[];

/**
 * The counts of a clip's bins of one length. Whole bins and single positions do not depend on the clip's duration, so
 * it need not be known yet.
 */
export class Bins {
  readonly #binMs: number;
  readonly #startAt = new Counts();
  readonly #dropOff = new Counts();
  readonly #skips = new Counts();
  /** By bin: how many plays start to include the middles of bins there (+1) and how many stop (-1). */
  readonly #held = new Counts();
  readonly #all: readonly Counts[] = [this.#startAt, this.#dropOff, this.#skips, this.#held];

  constructor(binMs: number) {
    this.#binMs = binMs;
  }

  /** How many bytes the counts take. */
  get bytes(): number {
    return this.#startAt.bytes + this.#dropOff.bytes + this.#skips.bytes + this.#held.bytes;
  }

  add({ parts, startMs, stopMs, skips }: ClipPlay): void {
    if (startMs !== NO_POSITION) this.#startAt.add(this.#binOf(startMs));
    if (stopMs !== NO_POSITION) this.#dropOff.add(this.#binOf(stopMs));
    for (let i = 0; i < skips.count; i += 1) this.#skips.add(this.#binOf(skips.values[i]!));
    for (let i = 0; i < parts.count; i += 1) {
      this.#held.add(this.#firstMiddleFrom(parts.values[i]!), i % 2 === 0 ? 1 : -1);
    }
  }

  stored(): StoredBins {
    return this.#all.map((counts) => counts.stored());
  }

  /** Adds the counts of other bins of the same length. */
  addStored(stored: StoredBins): void {
    for (const [i, counts] of this.#all.entries()) counts.addAll(stored[i]!);
  }

  /**
   * The graphs with this many bins.
   * @param last How many plays include the middle of the last bin, which can be shorter than the others.
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
    return Math.min(Math.floor(ms / this.#binMs), MAX_BIN);
  }

  #firstMiddleFrom(ms: number): number {
    return Math.min(Math.max(0, Math.ceil((2 * ms - this.#binMs) / (2 * this.#binMs))), MAX_BIN);
  }
}

/** An array of whole numbers that grows when needed. */
class Counts {
  #values = new Int32Array(FIRST_CAPACITY);
  #length = 0;

  get bytes(): number {
    return this.#values.byteLength;
  }

  add(index: number, amount = 1): void {
    if (index >= this.#values.length) this.#reserve(index + 1);
    if (index >= this.#length) this.#length = index + 1;
    this.#values[index]! += amount;
  }

  stored(): Int32Array {
    return this.#values.slice(0, this.#length);
  }

  addAll(values: Int32Array): void {
    if (values.length > this.#values.length) this.#reserve(values.length);
    this.#length = Math.max(this.#length, values.length);
    for (let i = 0; i < values.length; i += 1) this.#values[i]! += values[i]!;
  }

  /** The first `length` numbers; all further numbers are added to the last of them. */
  folded(length: number): number[] {
    const values = this.#first(length);
    if (length > 0) for (let i = length; i < this.#length; i += 1) values[length - 1]! += this.#values[i]!;
    return values;
  }

  /** The first `length` running sums. */
  sums(length: number): number[] {
    const values = this.#first(length);
    for (let i = 1; i < length; i += 1) values[i]! += values[i - 1]!;
    return values;
  }

  #first(length: number): number[] {
    const values: number[] = [];
    for (let i = 0; i < length; i += 1) values.push(i < this.#length ? this.#values[i]! : 0);
    return values;
  }

  #reserve(least: number): void {
    const grown = new Int32Array(Math.max(least, 2 * this.#values.length));
    grown.set(this.#values);
    this.#values = grown;
  }
}
