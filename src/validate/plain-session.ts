import { textHash } from '../causes/content-hash.js';
import { Course } from '../causes/course.js';
import type { Finding } from '../domain/finding.js';
import { guidKey } from '../domain/guid.js';
import { toMs } from '../domain/listening.js';
import { openAt } from '../rules/session/session-open.js';
import { tooShort } from '../rules/session/session-too-short.js';
import type { SessionGroups } from '../sessions/groups.js';
import { FLAG, REAL, ROW_WORDS, Rows, WORD } from '../sessions/rows.js';
import { Found } from './found.js';
import type { CountedSessions, InspectedRows } from './inspected.js';
import type { InspectOptions } from './options.js';
import { plainlyPlayedMs } from './plainly-played.js';
import { holds } from './within.js';

/*
 * The fast path for sessions of bare events. It only ever says "no session rule finds anything here: so much was played", "nothing but
 * this", or "ask the general path"; a test holds it to what the rules say. Without it everything is the same, and slower.
 */

const ORGANIZATION = 0xffff;

const NO_ROWS = new Rows(0);
const NONE: readonly Finding[] = [];

/** Counts the sessions that are plainly sound, or in which one of the most frequent findings is plain to see. */
export class PlainSessions {
  #sessions = 0;
  #events = 0;
  /** Begun with what is no small whole number to the compiler, since it does not stay one. */
  #playedTogetherMs = -0;
  #keptOut = 0;

  readonly #given = { kind: 'sound-rows' as InspectedRows['kind'], rows: NO_ROWS, playedMs: 0 };
  #foundInGiven: readonly Finding[] = NONE;

  readonly #course = new Course();
  readonly #clipHashes: number[] = [];

  constructor(
    readonly options: InspectOptions,
    readonly events: Pick<SessionGroups, 'texts' | 'eventOf'>,
  ) {}

  /** Counts a session; false where it is neither plainly sound nor plainly kept out. */
  count(rows: Rows): boolean {
    if (isKeptOut(rows, this.options)) {
      this.#keptOut += 1;
      return true;
    }
    const playedMs = this.#playedMsOf(rows);
    if (playedMs < 0 || this.#isCut(rows, playedMs)) return false;
    this.#add(rows, playedMs);
    return true;
  }

  /** Counts a session that `count` did not, and gives what is found in it; null where the general path is to be asked. */
  found(rows: Rows): readonly Finding[] | null {
    const playedMs = this.#playedMsOf(rows);
    if (playedMs < 0) return null;
    this.#add(rows, playedMs);
    return this.#foundInCut(rows, playedMs);
  }

  /**
   * A session to be given as its rows; null where it is neither plainly without an error nor plainly kept out. The same object comes again,
   * and `foundInGiven` tells what is found in it.
   */
  asRows(rows: Rows): InspectedRows | null {
    const given = this.#given;
    given.rows = rows;
    if (isKeptOut(rows, this.options)) {
      given.kind = 'kept-out-rows';
      this.#foundInGiven = NONE;
      return isOfOneOrganization(rows) ? given : null;
    }
    given.kind = 'sound-rows';
    given.playedMs = this.#playedMsOf(rows);
    if (given.playedMs < 0) return null;
    const found = this.#isCut(rows, given.playedMs) ? this.#foundInCut(rows, given.playedMs) : NONE;
    if (found.some(({ severity }) => severity === 'error')) return null;
    this.#foundInGiven = found;
    this.#tell(rows);
    return given;
  }

  /** What is found in the session that was given last. */
  get foundInGiven(): readonly Finding[] {
    return this.#foundInGiven;
  }

  get counted(): CountedSessions {
    return {
      kind: 'counted',
      sessions: this.#sessions,
      events: this.#events,
      playedMs: this.#playedTogetherMs,
      keptOut: this.#keptOut,
    };
  }

  #foundInCut(rows: Rows, playedMs: number): readonly Finding[] {
    const found = new Found(this.options);
    if (rows.count % 2 === 1) {
      const last = this.events.eventOf(rows, rows.count - 1);
      found.add('session-open', openAt(last.sound!.position), last.place, last);
    } else {
      const first = this.events.eventOf(rows, 0);
      found.add('session-too-short', tooShort(playedMs, this.options), first.place, first);
    }
    return found.findings;
  }

  #playedMsOf(rows: Rows): number {
    this.#course.begin(rows.count);
    return plainlyPlayedMs(rows, this.options, this.#course);
  }

  /** Whether a Start at the end, or too little that was played, is found. */
  #isCut({ count }: Rows, playedMs: number): boolean {
    return count % 2 === 1 || playedMs < toMs(this.options.minDuration);
  }

  #add(rows: Rows, playedMs: number): void {
    this.#tell(rows);
    this.#sessions += 1;
    this.#events += rows.count;
    this.#playedTogetherMs += playedMs;
  }

  #tell({ words, count }: Rows): void {
    const { causes } = this.options;
    if (!causes) return;
    const course = this.#course;
    const clip = words[WORD.clip]!;
    this.#clipHashes[clip] ??= textHash(guidKey(this.events.texts.clipIdOf(clip)));
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
