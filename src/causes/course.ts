import { readGuid } from '../domain/guid-words.js';

const SECOND_MS = 1000;

/** An interval of so much clock is *long*: enough to see how audio and clock go together. */
export const LONG_MS = 30_000;

const PAUSED_MS = 2000;

/** A Start up to here is at the beginning of the clip. */
export const BEGINNING_MS = 1000;

/** A Stop from here on has left the beginning. */
export const UNDERWAY_MS = 30_000;

/** After a Stop for so long, a Start at the beginning is another play. */
const LONG_AGO_MS = 30 * 60_000;

/** So many events are the same twice by no chance, also where all Positions are whole seconds. */
const MANY_EVENTS = 10;

const FIRST_CAPACITY = 64;

/**
 * How a session went, in numbers: what causes need to know of every session, also of those that are only counted. One is used again and again;
 * whoever wants to keep something of it copies it. Times and positions are in milliseconds.
 */
export class Course {
  /** The SessionId, as four words. */
  readonly session = new Uint32Array(4);
  /** A hash of the ClipId. */
  clip = 0;
  lowestSeq = 0;
  highestSeq = 0;
  /** How many events count (no `repeated-event`), and their values side by side. */
  events = 0;
  stops = new Uint8Array(FIRST_CAPACITY);
  positionsMs = new Float64Array(FIRST_CAPACITY);
  timestampsMs = new Float64Array(FIRST_CAPACITY);

  playedMs = 0;
  /** Whether Position changes in any interval. */
  moves = false;
  /** How many intervals are long, and their audio and clock together. */
  longs = 0;
  longAudioMs = 0;
  longClockMs = 0;
  farthestMs = 0;
  /** How often a Start follows a Stop at the same place (within 1 s), 2 s or more later. */
  pauses = 0;
  /** How often a Start follows a Stop at another place. */
  seeks = 0;
  /**
   * Whether the clip is played again: a Start in its first second follows a Stop at the farthest Position (within 1 s, and 30 s or more into the
   * clip) 30 min later, or that Position is reached again.
   */
  playedAgain = false;

  /** Begins another session, and makes room for so many events. */
  begin(events: number): void {
    this.events = 0;
    if (events <= this.stops.length) return;
    this.stops = new Uint8Array(2 * events);
    this.positionsMs = new Float64Array(2 * events);
    this.timestampsMs = new Float64Array(2 * events);
  }

  /** Takes the next event that counts, in order of SeqNumber. */
  take(stops: boolean, positionMs: number, timestampMs: number): void {
    this.stops[this.events] = stops ? 1 : 0;
    this.positionsMs[this.events] = positionMs;
    this.timestampsMs[this.events] = timestampMs;
    this.events += 1;
  }

  /** Reckons up what was taken. */
  reckon(): void {
    const { events, stops, positionsMs, timestampsMs } = this;
    let [playedMs, longs, longAudioMs, longClockMs] = [0, 0, 0, 0];
    let [pauses, seeks, leftMs, againMs] = [0, 0, 0, 0];
    let farthestMs = positionsMs[0]!;
    let moves = false;
    for (let i = 1; i < events; i += 1) {
      const positionMs = positionsMs[i]!;
      if (positionMs > farthestMs) farthestMs = positionMs;
      if (stops[i] === stops[i - 1]) continue;
      const audioMs = positionMs - positionsMs[i - 1]!;
      const clockMs = timestampsMs[i]! - timestampsMs[i - 1]!;
      if (stops[i] === 1) {
        if (leftMs > 0 && positionMs >= leftMs - SECOND_MS) againMs = Math.max(againMs, leftMs);
        if (audioMs !== 0) moves = true;
        if (audioMs > 0) playedMs += audioMs;
        if (clockMs < LONG_MS) continue;
        longs += 1;
        longAudioMs += audioMs;
        longClockMs += clockMs;
      } else {
        if (audioMs > SECOND_MS || audioMs < -SECOND_MS) seeks += 1;
        else if (clockMs >= PAUSED_MS) pauses += 1;
        if (positionMs > BEGINNING_MS || positionsMs[i - 1]! < UNDERWAY_MS) continue;
        leftMs = Math.max(leftMs, positionsMs[i - 1]!);
        if (clockMs >= LONG_AGO_MS) againMs = Math.max(againMs, positionsMs[i - 1]!);
      }
    }
    this.playedMs = playedMs;
    this.moves = moves;
    this.longs = longs;
    this.longAudioMs = longAudioMs;
    this.longClockMs = longClockMs;
    this.farthestMs = farthestMs;
    this.pauses = pauses;
    this.seeks = seeks;
    this.playedAgain = againMs > 0 && farthestMs - againMs <= SECOND_MS;
  }

  /** The SessionId in lower case. */
  get key(): string {
    return readGuid(this.session, 0);
  }

  get beginsWithStart(): boolean {
    return this.stops[0] === 0;
  }

  get firstMs(): number {
    return this.timestampsMs[0]!;
  }

  get lastMs(): number {
    return this.timestampsMs[this.events - 1]!;
  }

  /**
   * Whether another session hardly has the same events by chance: a Stop at no whole second, other than the farthest (which may be the clip's
   * end), or ten events.
   */
  get telling(): boolean {
    const { events, stops, positionsMs } = this;
    if (events >= MANY_EVENTS) return true;
    let farthestMs = -1;
    for (let i = 0; i < events; i += 1)
      if (stops[i] === 1) farthestMs = Math.max(farthestMs, positionsMs[i]!);
    for (let i = 0; i < events; i += 1) {
      if (stops[i] === 1 && positionsMs[i] !== farthestMs && positionsMs[i]! % SECOND_MS !== 0) return true;
    }
    return false;
  }
}
