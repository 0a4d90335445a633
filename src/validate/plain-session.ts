import { textHash } from '../causes/content-hash.js';
import { Course } from '../causes/course.js';
import { guidKey } from '../domain/guid.js';
import { toMs } from '../domain/listening.js';
import { FLAG, REAL, ROW_WORDS, type Rows, WORD } from '../sessions/rows.js';
import type { CountedSessions } from './inspected.js';
import type { InspectOptions } from './options.js';
import { holds } from './within.js';

/*
 * The fast path for sessions of bare events. It only ever says "no session rule finds anything here: so much was played" or "ask the
 * general path"; a test holds it to what the rules say. Without it everything is the same, and slower.
 */

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

/** Counts the sessions that are plainly sound. */
export class SoundSessions {
  #sessions = 0;
  #events = 0;
  #playedMs = 0;
  #keptOut = 0;

  readonly #course = new Course();
  readonly #clipHashes: number[] = [];

  /** @param clipOf The ClipId with a number that rows hold. */
  constructor(
    readonly options: InspectOptions,
    readonly clipOf: (number: number) => string,
  ) {}

  /** Counts a session; false where it is neither plainly sound nor plainly kept out. */
  count(rows: Rows): boolean {
    if (isKeptOut(rows, this.options)) {
      this.#keptOut += 1;
      return true;
    }
    const course = this.#course;
    course.begin(rows.count);
    const playedMs = plainlyPlayedMs(rows, this.options, course);
    if (playedMs < 0) return false;
    this.#tell(course, rows);
    this.#sessions += 1;
    this.#events += rows.count;
    this.#playedMs += playedMs;
    return true;
  }

  get counted(): CountedSessions {
    return {
      kind: 'counted',
      sessions: this.#sessions,
      events: this.#events,
      playedMs: this.#playedMs,
      keptOut: this.#keptOut,
    };
  }

  #tell(course: Course, { words, count }: Rows): void {
    const { causes } = this.options;
    if (!causes) return;
    const clip = words[WORD.clip]!;
    this.#clipHashes[clip] ??= textHash(guidKey(this.clipOf(clip)));
    course.clip = this.#clipHashes[clip];
    for (let word = 0; word < 4; word += 1) course.session[word] = words[WORD.key + word]!;
    course.lowestSeq = 1;
    course.highestSeq = count;
    course.reckon();
    causes.take(course);
  }

  /** Whether anything was counted. */
  get any(): boolean {
    return this.#sessions + this.#keptOut > 0;
  }
}

function isKeptOut({ words, reals, count }: Rows, { within }: InspectOptions): boolean {
  if (within === undefined) return false;
  let last = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < count * ROW_WORDS; at += ROW_WORDS) {
    if ((words[at + WORD.flags]! & FLAG.whole) !== 0) return false;
    last = Math.max(last, reals[(at >> 1) + REAL.timestamp]!);
  }
  return !holds(within, last);
}

/**
 * Milliseconds played in a session whose rows are in the order of arrival; -1 where the general path is to be asked: a row that is
 * unusual, a Source that a rule may find, an order that is not that of SeqNumber, or anything that comes near to a finding.
 */
function plainlyPlayedMs({ words, reals, count }: Rows, options: InspectOptions, course: Course): number {
  if (count % 2 === 1 || options.clipDurations.size > 0) return -1;
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
  return isPlainWhole(playedMs, beforeMs - firstMs, options) ? playedMs : -1;
}

/** Whether nothing is found in what all intervals of a session come to. */
export function isPlainWhole(playedMs: number, clockMs: number, { minDuration }: InspectOptions): boolean {
  const flushed = playedMs >= FLUSHED_PLAYED_MS && clockMs <= SECOND;
  return !flushed && playedMs >= toMs(minDuration) && playedMs <= MOST_PLAYED_MS;
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
