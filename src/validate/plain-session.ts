import { textHash } from '../causes/content-hash.js';
import { Course } from '../causes/course.js';
import { guidKey } from '../domain/guid.js';
import { toMs } from '../domain/listening.js';
import { FLAG, REAL, ROW_WORDS, Rows, WORD } from '../sessions/rows.js';
import type { CountedSessions, InspectedRows } from './inspected.js';
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

const NO_ROWS = new Rows(0);

/** Counts the sessions that are plainly sound. */
export class SoundSessions {
  #sessions = 0;
  #events = 0;
  #playedMs = 0;
  #keptOut = 0;

  readonly #given = { kind: 'sound-rows' as InspectedRows['kind'], rows: NO_ROWS, playedMs: 0 };

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

  /** A session to be given as its rows; null where it is neither plainly sound nor plainly kept out. The same object comes again. */
  asRows(rows: Rows): InspectedRows | null {
    const given = this.#given;
    given.rows = rows;
    if (isKeptOut(rows, this.options)) {
      given.kind = 'kept-out-rows';
      return isOfOneOrganization(rows) ? given : null;
    }
    this.#course.begin(rows.count);
    given.kind = 'sound-rows';
    given.playedMs = plainlyPlayedMs(rows, this.options, this.#course);
    if (given.playedMs < 0) return null;
    this.#tell(this.#course, rows);
    return given;
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

function isOfOneOrganization({ words, count }: Rows): boolean {
  const of = (row: number) => words[row * ROW_WORDS + WORD.organizationAndSource]! & ORGANIZATION;
  for (let row = 1; row < count; row += 1) if (of(row) !== of(0)) return false;
  return true;
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
  const flushed = playedMs >= FLUSHED_PLAYED_MS && beforeMs - firstMs <= SECOND;
  return flushed || playedMs < toMs(options.minDuration) || playedMs > MOST_PLAYED_MS ? -1 : playedMs;
}

function isBelievable(audioMs: number, clockMs: number, maxSpeed: number): boolean {
  return (
    audioMs >= 0 &&
    audioMs <= maxSpeed * (clockMs + SECOND) + SECOND &&
    clockMs <= SLOWEST * audioMs + SLOW_TOLERANCE_MS &&
    (clockMs < SECOND || audioMs < LEAST_MILLISECONDS_RATIO * clockMs)
  );
}
