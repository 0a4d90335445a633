import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { scramble, type Words, wordsOf } from './scramble.js';

/**
 * A distribution as its quantiles: pairs of a share (rising from 0 to 1) and the value below which that share lies, straight lines
 * between. It says what is believed of listeners in numbers a reader can judge, and needs no logarithm.
 */
export type Quantiles = readonly (readonly [share: number, value: number])[];

/** Which independent stream of random numbers: what is drawn from one never moves another. */
export type Stream = 'catalogue' | 'listening' | 'faults';

const STREAMS: Readonly<Record<Stream, number>> = { catalogue: 1, listening: 2, faults: 3 };

/** The exponential distribution of mean 1, as quantiles: the waiting time between things that happen independently. */
const WAITING: Quantiles = [
  [0, 0],
  [0.1, 0.105],
  [0.2, 0.223],
  [0.3, 0.357],
  [0.4, 0.511],
  [0.5, 0.69],
  [0.6, 0.916],
  [0.7, 1.204],
  [0.8, 1.609],
  [0.9, 2.3],
  [0.96, 3.219],
  [0.99, 4.605],
  [1, 7],
];

/**
 * Seeded random numbers: the same for the same seed, number and stream on every machine and Node version. That is safe because
 * everything made from them uses only addition, multiplication, division and rounding, which IEEE 754 defines to the last bit;
 * `Math.log`, `exp`, `pow` and `sin`, which it does not define, are nowhere used.
 */
export class Chance {
  readonly #generator: ReturnType<typeof xoroshiro128plusFromState>;

  /** @param number which of the seed's many: the block's number, or a clip's. */
  constructor(seed: number, number: number, stream: Stream) {
    this.#generator = xoroshiro128plusFromState(stateOf(seed, number, STREAMS[stream]));
  }

  /** From 0 to below 1. A property, so that it can be handed to d3-random as a source. */
  readonly fraction = (): number => uniformFloat64(this.#generator);

  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return from + Math.floor(uniformFloat64(this.#generator) * (to - from + 1));
  }

  happens(probability: number): boolean {
    return uniformFloat64(this.#generator) < probability;
  }

  of(quantiles: Quantiles): number {
    return valueAt(quantiles, uniformFloat64(this.#generator));
  }

  /** The waiting time for what happens once in `mean` on average. */
  waiting(mean: number): number {
    return this.of(WAITING) * mean;
  }

  /** The index of one of several by their weights; `total` is the weights' sum. */
  weighted(weights: readonly number[], total: number): number {
    let left = uniformFloat64(this.#generator) * total;
    let last = 0;
    for (let index = 0; index < weights.length; index += 1) {
      const weight = weights[index]!;
      if (weight <= 0) continue;
      if (left < weight) return index;
      left -= weight;
      last = index;
    }
    return last;
  }

  /** One of several by their shares, which add up to 1. */
  byShare<T>(choices: readonly (readonly [choice: T, share: number])[]): T {
    let left = uniformFloat64(this.#generator);
    for (const [choice, share] of choices) {
      if (left < share) return choice;
      left -= share;
    }
    return choices[0]![0];
  }

  pick<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)]!;
  }

  /** 32 random bits. */
  word(): number {
    return this.#generator.next() >>> 0;
  }
}

function valueAt(quantiles: Quantiles, share: number): number {
  let from = quantiles[0]!;
  for (let index = 1; index < quantiles.length; index += 1) {
    const to = quantiles[index]!;
    if (share < to[0]) return from[1] + ((to[1] - from[1]) * (share - from[0])) / (to[0] - from[0]);
    from = to;
  }
  return from[1];
}

function stateOf(seed: number, number: number, stream: number): Words {
  const [seedHigh, seedLow] = wordsOf(seed);
  const [numberHigh, numberLow] = wordsOf(number);
  const a = scramble(seedLow, stream);
  const b = scramble(seedHigh, a);
  const c = scramble(numberLow, b);
  const d = scramble(numberHigh, c);
  // xoroshiro128+ runs from any state but zeros.
  return [scramble(d, a), scramble(d + 1, b), scramble(d + 2, c), scramble(d + 3, d) | 1];
}
