import { randomBates } from 'd3-random';
import { guidKey } from '../domain/guid.js';
import { madeGuid, type Quantiles, Random, wordsOfText } from './random.js';

/** A clip that listeners play. */
export interface Clip {
  readonly id: string;
  readonly durationMs: number;
  /** Whether the caller gave the duration. A random duration is not known outside. */
  readonly durationGiven: boolean;
  /** Where its chapters begin, rising; the first at 0. */
  readonly chaptersMs: readonly number[];
}

/** The clips of a simulation, the most popular first. */
export interface Catalogue {
  readonly length: number;
  clip(index: number): Clip;
  /** The index of a clip, by popularity. */
  choose(random: Random): number;
}

/** A clip as the caller names it. */
export interface ClipOption {
  readonly id: string;
  /** Length of the audio; made from the seed where absent. */
  readonly seconds?: number | undefined;
}

/** The default number of clips: a season. */
const DEFAULT_CLIP_COUNT = 20;

/**
 * Lengths of podcast episodes in seconds. Dan Misener's count of 18.8 million episodes (rainnews.com, December 2019) gives a median of
 * 36:34 and a mean of 41:31, which these have too; the other quantiles are ours.
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
 * The clips given, or made ones. Popularity falls off by Zipf's law: the clip of rank n is played 1/n times as often as the first.
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
  // Bates: a bell without the logarithms of the normal distribution.
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

/** The first index whose cumulated share is above the one given. */
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
