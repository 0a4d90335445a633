import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * A distribution as its quantiles: pairs of a share (rising from 0 to 1) and the value below which that share lies, with linear
 * interpolation in between. A reader can judge these numbers, and computing with them needs no logarithm.
 */
export type Quantiles = readonly (readonly [share: number, value: number])[];

/** The independent streams of random numbers: using one never changes the numbers of another. */
export type Stream = 'catalogue' | 'listening' | 'faults';

const STREAMS: Readonly<Record<Stream, number>> = { catalogue: 1, listening: 2, faults: 3 };

/** The exponential distribution of mean 1, as quantiles: the time between independent random actions. */
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
 * Seeded random numbers. They are the same for the same seed, number and stream, on every machine and Node version. Code that
 * uses them must not use `Math.log`, `exp`, `pow` or `sin`, whose last bits can differ between machines. Addition,
 * multiplication, division and rounding are safe: IEEE 754 defines them to the last bit.
 */
export class Random {
  readonly #generator: ReturnType<typeof xoroshiro128plusFromState>;

  /** @param number Selects one of the seed's many sequences: the number of a block or of a clip. */
  constructor(seed: number, number: number, stream: Stream) {
    this.#generator = xoroshiro128plusFromState(stateOf(seed, number, STREAMS[stream]));
  }

  /** A number from 0 to below 1. A property, so that it can be passed to d3-random as a source. */
  readonly fraction = (): number => uniformFloat64(this.#generator);

  /** A whole number from `from` to `to`, inclusive. */
  whole(from: number, to: number): number {
    return from + Math.floor(uniformFloat64(this.#generator) * (to - from + 1));
  }

  happens(probability: number): boolean {
    return uniformFloat64(this.#generator) < probability;
  }

  of(quantiles: Quantiles): number {
    return valueAt(quantiles, uniformFloat64(this.#generator));
  }

  /** A random waiting time with this mean. */
  waiting(mean: number): number {
    return this.of(WAITING) * mean;
  }

  /** A random index, chosen by weight; `total` is the sum of the weights. */
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

  /** A random choice by share; the shares add up to 1. */
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
  const a = hash(seedLow, stream);
  const b = hash(seedHigh, a);
  const c = hash(numberLow, b);
  const d = hash(numberHigh, c);
  // xoroshiro128+ needs a state that is not all zeros, so the last word is odd.
  return [hash(d, a), hash(d + 1, b), hash(d + 2, c), hash(d + 3, d) | 1];
}

/** Four words of 32 bits. */
export type Words = [number, number, number, number];

/**
 * Mixes a word with a key, so that each of their bits changes about half of the bits of the result (the finalizer of
 * MurmurHash3).
 */
export function hash(word: number, key: number): number {
  let mixed = Math.imul(word ^ key, 0x9e3779b1) + key;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}

/** A safe integer as two words of 32 bits; the higher one holds the sign. */
export function wordsOf(integer: number): readonly [high: number, low: number] {
  return [Math.floor(integer / 0x1_0000_0000) | 0, integer | 0];
}

/** Two words made from a text. */
export function wordsOfText(text: string): readonly [number, number] {
  let a = text.length;
  let b = ~text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = hash(unit, a);
    b = hash(a, b);
  }
  return [a, b];
}

const ROUNDS = 6;
const HIGH_BITS = 0x1f_ffff;
/** Companions (valid sessions that a fault needs in its request) have numbers above those of all sessions. */
const COMPANION_BIT = 0x8_0000;

/** Makes the SessionId of a session from its number. */
export type SessionIds = (number: number, companion?: boolean) => string;

/**
 * The SessionIds of one simulation: version 8 UUIDs that begin with `5eed`. The other 106 bits are a permutation (a Feistel
 * network) of the seed (54 bits) and the session's number (52 bits) under a key made from the settings. Two sessions with the
 * same settings never share an id, even if their seeds differ. Two sessions with different settings share one only by chance,
 * as two random numbers of 106 bits would.
 * @param settings All settings that change the sessions of a seed.
 */
export function sessionIds(seed: number, settings: string): SessionIds {
  const [seedHigh, seedLow] = wordsOf(seed);
  const [keyA, keyB] = wordsOfText(settings);
  return (number, companion = false) => {
    const [numberHigh, numberLow] = wordsOf(number);
    let leftHigh = seedHigh & HIGH_BITS;
    let leftLow = seedLow;
    let rightHigh = ((seedHigh < 0 ? 1 : 0) << 20) | (companion ? COMPANION_BIT : 0) | numberHigh;
    let rightLow = numberLow;
    for (let round = 0; round < ROUNDS; round += 1) {
      const low = hash(rightLow, hash(rightHigh, keyA + round));
      const high = hash(low, keyB);
      const mixedHigh = leftHigh ^ (high & HIGH_BITS);
      const mixedLow = leftLow ^ low;
      leftHigh = rightHigh;
      leftLow = rightLow;
      rightHigh = mixedHigh;
      rightLow = mixedLow;
    }
    return written(leftHigh, leftLow, rightHigh, rightLow);
  };
}

/** A GUID made from the seed, in the form of a random UUID (version 4): for an organization or a clip. */
export function madeGuid(random: Random): string {
  const [a, b, c, d] = [random.word(), random.word(), random.word(), random.word()];
  return `${hex(a, 8)}-${hex(b >>> 16, 4)}-4${hex(b & 0xfff, 3)}-${hex((c >>> 18) | 0x8000, 4)}-${hex(c & 0xffff, 4)}${hex(d, 8)}`;
}

function written(leftHigh: number, leftLow: number, rightHigh: number, rightLow: number): string {
  const third = 0x8000 | (leftHigh >>> 9);
  const fourth = 0x8000 | ((leftHigh & 0x1ff) << 5) | (rightHigh >>> 16);
  return `5eed${pair(leftLow >>> 16)}-${pair(leftLow & 0xffff)}-${pair(third)}-${pair(fourth)}-${pair(rightHigh & 0xffff)}${pair(rightLow >>> 16)}${pair(rightLow & 0xffff)}`;
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function pair(word: number): string {
  return `${BYTES[word >>> 8]}${BYTES[word & 0xff]}`;
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}
