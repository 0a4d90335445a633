import { EVENT_FLAG, ID_WORDS, WORDS_PER_EVENT } from '../domain/event-batch.js';
import { readGuid } from '../domain/guid.js';
import { Listening } from '../domain/listening.js';
import type { Session } from '../domain/session.js';

/** A jump shorter than this is not counted. */
const SKIP_MS = 1000;

/** Up to this many numbers are sorted in place. */
const FEW_NUMBERS = 128;

/** The value of a position that does not exist. */
export const NO_POSITION = -1;

/** A list of numbers that grows, and can be reused. */
export class NumberList {
  values = new Float64Array(16);
  count = 0;

  push(value: number): void {
    if (this.count === this.values.length) {
      const grown = new Float64Array(2 * this.count);
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.count] = value;
    this.count += 1;
  }
}

/** The part of a play that a clip's counts need. Positions and times are in whole milliseconds. */
export interface ClipPlay {
  /** The length of all parts heard. A part heard twice counts once. */
  readonly heardMs: number;
  /** The first Start, and the last Stop; `NO_POSITION` without one. */
  readonly startMs: number;
  readonly stopMs: number;
  /** The beginning and the end of each part heard, in ascending order. Parts do not overlap. */
  readonly parts: NumberList;
  /** The positions from which jumps ahead start. */
  readonly skips: NumberList;
}

/** The part of a session that the figures need. The object is reused for the next session. */
export class Play implements ClipPlay {
  /** The index of the event whose clip is used. */
  clipEvent = 0;
  /** The sum of the intervals' audio. */
  playedMs = 0;
  heardMs = 0;
  readonly parts = new NumberList();
  startMs = NO_POSITION;
  stopMs = NO_POSITION;
  /** The farthest Stop; 0 without one. */
  farthestMs = 0;
  readonly skips = new NumberList();
  /** Infinite where no event counts. */
  firstTimestampMs = Number.POSITIVE_INFINITY;
  lastTimestampMs = Number.NEGATIVE_INFINITY;
  #session: Session | null = null;
  readonly #run = new Listening();
  /** The beginning and the end of each interval that has audio. */
  readonly #intervals = new NumberList();

  /**
   * Computes what was played in a session. Returns false if no event has a clip. If a session has invalid events or an
   * unknown order, only its valid events are used, and an invalid event separates the events before it from those after
   * it.
   */
  read(session: Session): boolean {
    const order = orderOf(session);
    this.#session = session;
    this.clipEvent = clipEventOf(session, order);
    if (this.clipEvent < 0) return false;
    this.playedMs = 0;
    this.startMs = NO_POSITION;
    this.stopMs = NO_POSITION;
    this.farthestMs = 0;
    this.skips.count = 0;
    this.firstTimestampMs = Number.POSITIVE_INFINITY;
    this.lastTimestampMs = Number.NEGATIVE_INFINITY;
    this.#intervals.count = 0;
    if (session.listening.known) this.#take(session.listening);
    else for (const run of validRuns(session, order, this.#run)) this.#take(run);
    this.#unite();
    return true;
  }

  /** The SessionId of the session that was read last, in lower case. */
  get sessionId(): string {
    return this.#session!.key;
  }

  /** The ClipId of the session that was read last, in lower case. */
  get clipId(): string {
    return readGuid(this.#session!.ids, this.clipWords);
  }

  /** The index of the ClipId's first word in the session's ids. */
  get clipWords(): number {
    return this.clipEvent * WORDS_PER_EVENT + ID_WORDS.clip;
  }

  #take(listening: Listening): void {
    const { intervalCount, intervalStops, audioMs, keptCount, stops, positionsMs, timestampsMs } = listening;
    this.playedMs += listening.playedMs;
    for (let n = 0; n < intervalCount; n += 1) {
      if (audioMs[n]! <= 0) continue;
      const stop = intervalStops[n]!;
      this.#intervals.push(positionsMs[stop - 1]!);
      this.#intervals.push(positionsMs[stop]!);
    }
    for (let i = 0; i < keptCount; i += 1) {
      const positionMs = positionsMs[i]!;
      const timestampMs = timestampsMs[i]!;
      if (stops[i] === 1) {
        this.stopMs = positionMs;
        if (positionMs > this.farthestMs) this.farthestMs = positionMs;
      } else {
        if (this.startMs === NO_POSITION) this.startMs = positionMs;
        if (i > 0 && stops[i - 1] === 1 && positionMs > positionsMs[i - 1]! + SKIP_MS) {
          this.skips.push(positionsMs[i - 1]!);
        }
      }
      if (timestampMs < this.firstTimestampMs) this.firstTimestampMs = timestampMs;
      if (timestampMs > this.lastTimestampMs) this.lastTimestampMs = timestampMs;
    }
  }

  #unite(): void {
    const { parts } = this;
    const { values, count } = this.#intervals;
    if (!isRising(values, count)) sortPairs(values, count);
    parts.count = 0;
    for (let at = 0; at < count; at += 2) {
      const [from, to] = [values[at]!, values[at + 1]!];
      const last = parts.count - 1;
      if (last < 0 || from > parts.values[last]!) {
        parts.push(from);
        parts.push(to);
      } else if (to > parts.values[last]!) parts.values[last] = to;
    }
    let heardMs = 0;
    for (let i = 0; i < parts.count; i += 2) heardMs = heardMs - parts.values[i]! + parts.values[i + 1]!;
    this.heardMs = heardMs;
  }
}

/** Whether pairs are sorted by their first number. */
function isRising(values: Float64Array, count: number): boolean {
  for (let at = 2; at < count; at += 2) if (values[at]! < values[at - 2]!) return false;
  return true;
}

/** Sorts pairs by their first number. Most sessions have few pairs, which are nearly in order. */
function sortPairs(values: Float64Array, count: number): void {
  if (count > FEW_NUMBERS) {
    const pairs = Array.from({ length: count / 2 }, (_, n) => [values[2 * n]!, values[2 * n + 1]!] as const);
    pairs.sort(([a], [b]) => a - b);
    for (const [n, pair] of pairs.entries()) values.set(pair, 2 * n);
    return;
  }
  for (let at = 2; at < count; at += 2) {
    const [from, to] = [values[at]!, values[at + 1]!];
    let place = at;
    for (; place > 0 && values[place - 2]! > from; place -= 2) {
      values[place] = values[place - 2]!;
      values[place + 1] = values[place - 1]!;
    }
    values[place] = from;
    values[place + 1] = to;
  }
}

function clipEventOf({ count, flags }: Session, order: readonly number[] | undefined): number {
  for (let n = 0; n < count; n += 1) {
    const i = order === undefined ? n : order[n]!;
    if ((flags[i]! & EVENT_FLAG.noClip) === 0) return i;
  }
  return -1;
}

/**
 * The runs of valid events between invalid events, each read as intervals.
 * @param order The result of `orderOf`.
 * @param run The object that is yielded; it holds each run until the next is requested.
 */
export function* validRuns(
  session: Session,
  order: readonly number[] | undefined,
  run: Listening,
): Generator<Listening> {
  let from = 0;
  for (let n = 0; n <= session.count; n += 1) {
    if (n < session.count && session.isValid(order?.[n] ?? n)) continue;
    if (n > from) {
      run.read(session, from, n, order);
      yield run;
    }
    from = n + 1;
  }
}

/**
 * The indexes of a session's events in an order that does not depend on how they arrived: by SeqNumber, then by
 * content. Undefined if no two events have the same SeqNumber: then the order is already right.
 */
export function orderOf(session: Session): readonly number[] | undefined {
  if (!sharesNumbers(session)) return undefined;
  const { seqNumbers, positions, timestamps } = session;
  const seqNumber = (i: number): number => session.seqNumberOf(i) ?? Number.MAX_VALUE;
  const ofValid = (i: number, column: Float64Array): number => (session.isValid(i) ? column[i]! : 0);
  const isStart = (i: number): boolean => session.isValid(i) && !session.isStop(i);
  const compare = (a: number, b: number): number =>
    seqNumber(a) - seqNumber(b) ||
    Number(!session.isValid(a)) - Number(!session.isValid(b)) ||
    ofValid(a, timestamps) - ofValid(b, timestamps) ||
    Number(isStart(a)) - Number(isStart(b)) ||
    ofValid(a, positions) - ofValid(b, positions) ||
    compareText(session.idOf(a, 'clip') ?? '', session.idOf(b, 'clip') ?? '') ||
    compareText(session.sourceOf(a) ?? '', session.sourceOf(b) ?? '');
  return Array.from(seqNumbers.subarray(0, session.count), (_, i) => i).sort(compare);
}

function sharesNumbers({ count, seqNumbers, valid, repeatsNumber }: Session): boolean {
  if (repeatsNumber || valid) return repeatsNumber;
  for (let i = 1; i < count; i += 1) {
    if (Number.isNaN(seqNumbers[i]!) && Number.isNaN(seqNumbers[i - 1]!)) return true;
  }
  return false;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Plays as one array of numbers, the form that takes the least memory. */
export class PlayLog {
  readonly numbers: number[];

  /** @param numbers The numbers of another log, which this log then owns. */
  constructor(numbers: number[] = []) {
    this.numbers = numbers;
  }

  add({ heardMs, startMs, stopMs, parts, skips }: ClipPlay): void {
    this.numbers.push(heardMs, startMs, stopMs);
    this.#addList(parts);
    this.#addList(skips);
  }

  /** The plays in the order in which they were added. Each is valid until the next is requested. */
  *plays(): Generator<ClipPlay> {
    const { numbers } = this;
    const play = { heardMs: 0, startMs: 0, stopMs: 0, parts: new NumberList(), skips: new NumberList() };
    let at = 0;
    const next = (): number => numbers[at++]!;
    while (at < numbers.length) {
      play.heardMs = next();
      play.startMs = next();
      play.stopMs = next();
      for (const list of [play.parts, play.skips]) {
        list.count = 0;
        for (let left = next(); left > 0; left -= 1) list.push(next());
      }
      yield play;
    }
  }

  #addList({ values, count }: NumberList): void {
    this.numbers.push(count);
    for (let i = 0; i < count; i += 1) this.numbers.push(values[i]!);
  }
}
