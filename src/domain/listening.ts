import type { EventType, ListeningEvent } from './event.js';

/** What the rules of time and position look at: anything that stands for an event's values. */
export interface Moment {
  readonly sound: Pick<ListeningEvent, 'type' | 'position' | 'timestamp'>;
}

/** An event that is kept, with its position and time in whole milliseconds. */
export interface Kept<E extends Moment> {
  readonly event: E;
  readonly type: EventType;
  readonly positionMs: number;
  readonly timestampMs: number;
}

/** A Start and the Stop that follows it directly. */
export interface Interval<E extends Moment> {
  readonly start: Kept<E>;
  readonly stop: Kept<E>;
  /** Stop.Position - Start.Position in milliseconds; negative where it runs backwards. */
  readonly audioMs: number;
  /** Stop.Timestamp - Start.Timestamp in milliseconds. */
  readonly clockMs: number;
}

/** What was heard in one session, as every rule and the report see it. */
export interface Listening<E extends Moment> {
  /** The events that count, in order. */
  readonly kept: readonly Kept<E>[];
  /** The events that only repeat the one before (rule `repeated-event`); ignored by everything else. */
  readonly repeated: readonly E[];
  readonly intervals: readonly Interval<E>[];
  /** Sum of the intervals' audio, those that run backwards taken as 0, in milliseconds. */
  readonly playedMs: number;
}

const SECOND = 1000;

/** Seconds to whole milliseconds, rounded half up. */
export function toMs(seconds: number): number {
  return Math.min(Math.round(seconds * 1000), Number.MAX_VALUE);
}

/** Reads a session's events, in order of SeqNumber, as intervals of listening. */
export function listen<E extends Moment>(events: Iterable<E>): Listening<E> {
  const kept: Kept<E>[] = [];
  const repeated: E[] = [];
  const intervals: Interval<E>[] = [];
  let playedMs = 0;
  let last: Kept<E> | undefined;
  for (const event of events) {
    const { type, position, timestamp } = event.sound;
    const next = { event, type, positionMs: toMs(position), timestampMs: toMs(timestamp) };
    if (last && repeats(next, last)) {
      repeated.push(event);
      continue;
    }
    if (last?.type === 'Start' && type === 'Stop') {
      const audioMs = next.positionMs - last.positionMs;
      intervals.push({ start: last, stop: next, audioMs, clockMs: next.timestampMs - last.timestampMs });
      playedMs += Math.max(0, audioMs);
    }
    kept.push(next);
    last = next;
  }
  return { kept, repeated, intervals, playedMs };
}

function repeats(later: Kept<Moment>, earlier: Kept<Moment>): boolean {
  if (later.type !== earlier.type) return false;
  if (Math.abs(later.positionMs - earlier.positionMs) > SECOND) return false;
  return later.type === 'Stop' || Math.abs(later.timestampMs - earlier.timestampMs) <= SECOND;
}
