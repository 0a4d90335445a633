import { EVENT_FLAG } from './event-batch.js';

/** The columns that listening is read from: those of a session. */
export interface ListenedColumns {
  readonly flags: Uint16Array;
  readonly positions: Float64Array;
  readonly timestamps: Float64Array;
}

const FIRST_CAPACITY = 64;
const SECOND_MS = 1000;

/** Seconds to whole milliseconds, rounded half up. */
export function toMs(seconds: number): number {
  return Math.min(Math.round(seconds * 1000), Number.MAX_VALUE);
}

/**
 * A session's valid events, in order of SeqNumber, read as intervals: a Start and the Stop that follows it directly. All times and positions
 * are in whole milliseconds. One object is used again and again.
 */
export class Listening {
  /** Whether it was read; else nothing is known of the intervals. */
  known = false;
  /** How many events count: those that are no repetition (rule `repeated-event`). */
  keptCount = 0;
  /** Of each that counts: which event of the session it is, whether it is a Stop, its position and its time. */
  kept = new Uint32Array(FIRST_CAPACITY);
  stops = new Uint8Array(FIRST_CAPACITY);
  positionsMs = new Float64Array(FIRST_CAPACITY);
  timestampsMs = new Float64Array(FIRST_CAPACITY);
  /** The events of the session that only repeat the one before; everything but `repeated-event` ignores them. */
  readonly repeated: number[] = [];
  intervalCount = 0;
  /** Of each interval: the place among those that count of its Stop (its Start is the one before), its audio, which is negative where it runs backwards, and its clock. */
  intervalStops = new Uint32Array(FIRST_CAPACITY);
  audioMs = new Float64Array(FIRST_CAPACITY);
  clockMs = new Float64Array(FIRST_CAPACITY);
  /** Sum of the intervals' audio, those that run backwards taken as 0. */
  playedMs = 0;

  /** Forgets what was read. */
  begin(): void {
    this.known = false;
    this.keptCount = 0;
    this.intervalCount = 0;
    this.playedMs = 0;
    if (this.repeated.length > 0) this.repeated.length = 0;
  }

  /**
   * Reads events as intervals, in place of what was read before.
   * @param order Their places in the columns, where that is not their order.
   */
  read(
    { flags, positions, timestamps }: ListenedColumns,
    from: number,
    to: number,
    order?: ArrayLike<number>,
  ): void {
    this.begin();
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
          if (near && (stop === 1 || Math.abs(timestampMs - timestampsMs[before]!) <= SECOND_MS)) {
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
