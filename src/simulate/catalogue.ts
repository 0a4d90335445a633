import { randomBates } from 'd3-random';
import { guidKey } from '../domain/guid.js';
import { madeGuid, type Quantiles, Random, wordsOfText } from './random.js';

/** A clip that listeners play. */
export interface Clip {
  readonly id: string;
  readonly durationMs: number;
  /** Whether the caller gave the duration. A random duration is not known outside. */
  readonly durationGiven: boolean;
  /** The beginnings of its chapters, in ascending order; the first is 0. */
  readonly chaptersMs: readonly number[];
}

/** The clips of a simulation, the most popular first. */
export interface Catalogue {
  readonly length: number;
  clip(index: number): Clip;
  /** The index of a random clip; popular clips are more likely. */
  choose(random: Random): number;
}

/** A clip as the caller gives it. */
export interface ClipOption {
  readonly id: string;
  /** The length of the audio; if absent, it is made from the seed. */
  readonly seconds?: number | undefined;
}

/** The default number of clips: a season. */
const DEFAULT_CLIP_COUNT = 20;

/**
 * Lengths of podcast episodes in seconds. Dan Misener's count of 18.8 million episodes (rainnews.com, December 2019) gives a
 * median of 36:34 and a mean of 41:31, as these numbers do; the other quantiles are our own.
 */
const DURATION_SECONDS: Quantiles = [
  [0, 180],
  [0.1, 600],
  [0.25, 1380],
  [0.5, 2194],
  [0.75, 3240],
  [0.95, 5100],
  [1, 9000],
];

/** The average length of a chapter in milliseconds. */
const CHAPTER_MS = 420_000;

/**
 * The given clips, or clips made from the seed. Popularity follows Zipf's law: the clip of rank n is played 1/n times as often
 * as the first.
 */
export function catalogueOf(seed: number, given: readonly ClipOption[] | undefined): Catalogue {
  const options = given ?? madeClips(seed);
  const clips: (Clip | undefined)[] = [];
  const cumulated = cumulate(options.length);
  return {
    length: options.length,
    clip: (index) => (clips[index] ??= clipOf(seed, options[index]!)),
    choose: (random) => indexOf(cumulated, random.fraction()),
  };
}

function madeClips(seed: number): ClipOption[] {
  const random = new Random(seed, 0, 'catalogue');
  return Array.from({ length: DEFAULT_CLIP_COUNT }, () => ({ id: madeGuid(random) }));
}

function clipOf(seed: number, { id, seconds }: ClipOption): Clip {
  const [a] = wordsOfText(guidKey(id));
  const random = new Random(seed, a, 'catalogue');
  const made = Math.round(random.of(DURATION_SECONDS));
  const durationMs = Math.round((seconds ?? made) * 1000);
  return { id, durationMs, durationGiven: seconds !== undefined, chaptersMs: chaptersOf(durationMs, random) };
}

function chaptersOf(durationMs: number, random: Random): number[] {
  const count = Math.max(1, Math.round(durationMs / CHAPTER_MS));
  const length = durationMs / count;
  // The Bates distribution is similar to a normal distribution, but needs no logarithms (see `Random`).
  const shift = randomBates.source(random.fraction)(3);
  return Array.from({ length: count }, (_, n) =>
    n === 0 ? 0 : Math.round((length * (n + (shift() - 0.5) * 0.8)) / 1000) * 1000,
  );
}

function cumulate(length: number): Float64Array {
  const sums = new Float64Array(length);
  let sum = 0;
  for (let index = 0; index < length; index += 1) {
    sum += 1 / (index + 1);
    sums[index] = sum;
  }
  return sums.map((value) => value / sum);
}

/** The first index whose cumulated share is above `share`. */
function indexOf(cumulated: Float64Array, share: number): number {
  let low = 0;
  let high = cumulated.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (share < cumulated[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
