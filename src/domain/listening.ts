import { EVENT_FLAG } from './event-batch.js';
import type { RuleId } from './finding.js';

/** The columns of a session from which intervals are computed. */
export interface ListenedColumns {
  readonly flags: Uint16Array;
  readonly positions: Float64Array;
  readonly timestamps: Float64Array;
}

const FIRST_CAPACITY = 64;
const SECOND_MS = 1000;

/**
 * A second Start within this time can mean the same play: some players send one on `play`, and one on `playing`, when
 * the audio has loaded.
 */
const START_AGAIN_MS = 60_000;

/** Seconds to whole milliseconds, rounded half up. */
export function toMs(seconds: number): number {
  return Math.min(Math.round(seconds * 1000), Number.MAX_VALUE);
}

/**
 * The intervals of a session: each a Start and the Stop that directly follows it in order of SeqNumber. All times and positions are in whole
 * milliseconds. The object is reused for the next session.
 */
export class Listening {
  /** False where the intervals are not known, because an event is not valid or a SeqNumber occurs twice. */
  known = false;
  /** How many events are kept: all but repetitions (rule `repeated-event`). */
  keptCount = 0;
  /** For each kept event: its index in the session, 1 for a Stop or 0 for a Start, its position and its time. */
  kept = new Uint32Array(FIRST_CAPACITY);
  stops = new Uint8Array(FIRST_CAPACITY);
  positionsMs = new Float64Array(FIRST_CAPACITY);
  timestampsMs = new Float64Array(FIRST_CAPACITY);
  /** The indexes of events that only repeat the event before. All rules except `repeated-event` ignore them. */
  readonly repeated: number[] = [];
  intervalCount = 0;
  /** For each interval: the index of its Stop among the kept events (its Start is the one before), its audio (negative where it runs backwards), and its time by the clock. */
  intervalStops = new Uint32Array(FIRST_CAPACITY);
  audioMs = new Float64Array(FIRST_CAPACITY);
  clockMs = new Float64Array(FIRST_CAPACITY);
  /** The sum of the intervals' audio; an interval that runs backwards adds 0. */
  playedMs = 0;

  /** Removes everything: then the intervals are not known. */
  clear(): void {
    this.known = false;
    this.keptCount = 0;
    this.intervalCount = 0;
    this.playedMs = 0;
    if (this.repeated.length > 0) this.repeated.length = 0;
  }

  /**
   * Computes the intervals of the events from `from` to below `to`.
   * @param order The indexes of the events in order of SeqNumber, where the columns are not sorted by it.
   */
  read(
    { flags, positions, timestamps }: ListenedColumns,
    from: number,
    to: number,
    order?: ArrayLike<number>,
  ): void {
    this.clear();
    this.#reserve(to - from);
    const { kept, stops, positionsMs, timestampsMs, intervalStops, audioMs, clockMs } = this;
    let [count, intervals, playedMs] = [0, 0, 0];
    for (let n = from; n < to; n += 1) {
      const i = order === undefined ? n : order[n]!;
      const stop = flags[i]! & EVENT_FLAG.stop;
      const positionMs = toMs(positions[i]!);
      const timestampMs = toMs(timestamps[i]!);
      if (count > 0) {
        const before = count - 1;
        const distanceMs = positionMs - positionsMs[before]!;
        if (stop === stops[before]) {
          const near = distanceMs <= SECOND_MS && distanceMs >= -SECOND_MS;
          if (near && (stop === 1 || Math.abs(timestampMs - timestampsMs[before]!) <= START_AGAIN_MS)) {
            this.repeated.push(i);
            continue;
          }
        } else if (stop === 1) {
          intervalStops[intervals] = count;
          audioMs[intervals] = distanceMs;
          clockMs[intervals] = timestampMs - timestampsMs[before]!;
          if (distanceMs > 0) playedMs += distanceMs;
          intervals += 1;
        }
      }
      kept[count] = i;
      stops[count] = stop;
      positionsMs[count] = positionMs;
      timestampsMs[count] = timestampMs;
      count += 1;
    }
    this.known = true;
    this.keptCount = count;
    this.intervalCount = intervals;
    this.playedMs = playedMs;
  }

  #reserve(events: number): void {
    if (events <= this.kept.length) return;
    const capacity = 2 * events;
    this.kept = new Uint32Array(capacity);
    this.stops = new Uint8Array(capacity);
    this.positionsMs = new Float64Array(capacity);
    this.timestampsMs = new Float64Array(capacity);
    this.intervalStops = new Uint32Array(capacity);
    this.audioMs = new Float64Array(capacity);
    this.clockMs = new Float64Array(capacity);
  }
}

/** The default for the seconds of played audio under which a session is filtered (API-7). */
export const DEFAULT_MIN_DURATION = 10;

/** The default for the highest playback speed to accept, as a factor. */
export const DEFAULT_MAX_SPEED = 4;

/** If one of these rules fires, it is not known how much was played: then `session-too-short` is skipped. */
export const LENGTH_UNKNOWN_AFTER = [
  'stop-without-start',
  'start-without-stop',
  'session-open',
  'position-reversed',
  'position-unit',
  'nothing-heard',
] as const satisfies readonly RuleId[];

/** The highest plausible ratio of clock to audio: people do not listen more slowly than this. */
export const SLOWEST = 2;
const SLOW_TOLERANCE_MS = 60_000;

/** The longest clock, in milliseconds, for this much audio without a pause (`playback-too-slow`). */
export function longestClockMs(audioMs: number): number {
  return SLOWEST * Math.max(0, audioMs) + SLOW_TOLERANCE_MS;
}
