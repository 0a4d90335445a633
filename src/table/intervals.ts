/** A stretch of a clip that was played without a break, in whole milliseconds. */
export interface TableInterval {
  /** Positions along the audio. */
  readonly startPositionMs: number;
  readonly endPositionMs: number;
  /** Unix time at which it began and ended. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Whether each end's time stood in the table, or was computed. */
  readonly startObserved: boolean;
  readonly endObserved: boolean;
  /**
   * Whether the clock was derived from the audio, so that rules about clock and speed would only check our own arithmetic: they are not
   * applied to this interval.
   */
  readonly derivedClock: boolean;
}

/** An event made of an interval's end. */
export interface TableEvent {
  readonly type: 'Start' | 'Stop';
  readonly positionMs: number;
  /** Unix seconds, whole: the exact time cut off (API-13). */
  readonly timestamp: number;
  readonly origin: 'observed' | 'inferred';
}

/** What a session of a table is, made of one row or several. */
export interface TableSession {
  readonly intervals: readonly TableInterval[];
  /** The duration of its clip as the rows say; undefined where they do not. */
  readonly clipDurationMs: number | undefined;
}

/** Start and Stop of each interval, in order; their SeqNumbers count from 1. */
export function eventsOf(intervals: readonly TableInterval[]): TableEvent[] {
  return intervals.flatMap((interval) => [
    {
      type: 'Start',
      positionMs: interval.startPositionMs,
      timestamp: Math.floor(interval.startedAtMs / 1000),
      origin: interval.startObserved ? 'observed' : 'inferred',
    },
    {
      type: 'Stop',
      positionMs: interval.endPositionMs,
      timestamp: Math.floor(interval.endedAtMs / 1000),
      origin: interval.endObserved ? 'observed' : 'inferred',
    },
  ]);
}

/** Whether audio can have been played within a clock, as the rule `playback-too-fast` has it (rounding of whole seconds allowed for). */
export function fitsClock(audioMs: number, clockMs: number, maxSpeed: number): boolean {
  return audioMs <= maxSpeed * (Math.max(0, clockMs) + 1000) + 1000;
}

/** Milliseconds of clock that audio takes at a speed, rounded half up. */
export function clockOf(audioMs: number, speed: number): number {
  return Math.round(audioMs / speed);
}
