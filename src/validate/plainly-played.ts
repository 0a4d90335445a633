import type { Course } from '../causes/course.js';
import { toMs } from '../domain/listening.js';
import { FLAG, REAL, ROW_WORDS, type Rows, WORD } from '../sessions/rows.js';
import type { InspectOptions } from './options.js';

const UNUSUAL = FLAG.whole | FLAG.unnumbered | FLAG.invalid;
const FLAGS = 0xffff;
const ORGANIZATION = 0xffff;
const SECOND = 1000;
const LEAST_MILLISECONDS_RATIO = 400;
const FLUSHED_PLAYED_MS = 15_000;
const SLOWEST = 2;
const SLOW_TOLERANCE_MS = 60_000;
/** Sums of so much are exact in any order. */
const MOST_PLAYED_MS = 2 ** 40;

/**
 * Milliseconds played in a session whose rows are in the order of arrival; -1 where the general path is to be asked: a row that is
 * unusual, a Source that a rule may find, an order that is not that of SeqNumber, or anything that comes near to a
 * finding; too little played and a Start at the end are the caller's to see.
 */
export function plainlyPlayedMs(
  { words, reals, count }: Rows,
  options: InspectOptions,
  course: Course,
): number {
  if (options.clipDurations.size > 0) return -1;
  const clip = words[WORD.clip]!;
  const organization = words[WORD.organizationAndSource]!;
  if (organization > ORGANIZATION && (words[WORD.flags]! & FLAG.customSource) === 0) return -1;
  let playedMs = 0;
  let fromMs = 0;
  let beforeMs = Number.NEGATIVE_INFINITY;
  let firstMs = 0;
  for (let row = 0; row < count; row += 1) {
    const at = row * ROW_WORDS;
    const flags = words[at + WORD.flags]!;
    const stops = row % 2 === 1;
    if ((flags & UNUSUAL) !== 0 || flags > FLAGS || words[at + WORD.seqNumber] !== row + 1) return -1;
    if (((flags & FLAG.stop) !== 0) !== stops) return -1;
    if (words[at + WORD.clip] !== clip || words[at + WORD.organizationAndSource] !== organization) return -1;
    const positionMs = toMs(reals[(at >> 1) + REAL.position]!);
    const timestampMs = toMs(reals[(at >> 1) + REAL.timestamp]!);
    if (timestampMs < beforeMs) return -1;
    if (row === 0) firstMs = timestampMs;
    if (stops) {
      const audioMs = positionMs - fromMs;
      const clockMs = timestampMs - beforeMs;
      if (!isBelievable(audioMs, clockMs, options.maxSpeed)) return -1;
      playedMs += audioMs;
    }
    course.take(stops, positionMs, timestampMs);
    fromMs = positionMs;
    beforeMs = timestampMs;
  }
  return isPlainWhole(playedMs, beforeMs - firstMs) ? playedMs : -1;
}

/** Whether nothing is found in what all intervals of a session come to, but that it may be too little. */
export function isPlainWhole(playedMs: number, clockMs: number): boolean {
  const flushed = playedMs >= FLUSHED_PLAYED_MS && clockMs <= SECOND;
  return !flushed && playedMs <= MOST_PLAYED_MS;
}

/** Whether nothing is found in an interval. */
export function isBelievable(audioMs: number, clockMs: number, maxSpeed: number): boolean {
  return (
    audioMs >= 0 &&
    audioMs <= maxSpeed * (clockMs + SECOND) + SECOND &&
    clockMs <= SLOWEST * audioMs + SLOW_TOLERANCE_MS &&
    (clockMs < SECOND || audioMs < LEAST_MILLISECONDS_RATIO * clockMs)
  );
}
