import type { EventField } from '../wire/event.js';
import type { TypeMeaning } from './cell-values.js';
import type { ColumnName } from './columns.js';

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
interface TableEvent {
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

/** Start and Stop of an interval. */
export function endsOf(interval: TableInterval): readonly [TableEvent, TableEvent] {
  return [
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
  ];
}

/** Whether audio can have been played within a clock, as the rule `playback-too-fast` has it (rounding of whole seconds allowed for). */
export function fitsClock(audioMs: number, clockMs: number, maxSpeed: number): boolean {
  return audioMs <= maxSpeed * (Math.max(0, clockMs) + 1000) + 1000;
}

/** Milliseconds of clock that audio takes at a speed, rounded half up. */
export function clockOf(audioMs: number, speed: number): number {
  return Math.round(audioMs / speed);
}

/** An event as its row says it. */
export interface EventRow {
  /** The event's fields, those of empty cells absent; a cell that is no number in a number column stays text (rule `field-type`). */
  readonly value: Readonly<Partial<Record<EventField | 'Source', string | number>>>;
  readonly clipDurationMs: number | undefined;
  /** What `--type` says of the Type; `Ignore`: the row is skipped. Undefined where no `--type` names the value. */
  readonly meaning: TypeMeaning | undefined;
}

/** What a row of the shape `sessions` says, as far as its SessionId depends on it. */
export interface SessionContent {
  readonly organization: string;
  readonly clip: string;
  readonly source: string | undefined;
  /** Unix milliseconds. */
  readonly startedAtMs: number;
  /** Positions of each interval, and the times that the row gives for it; absent where it gives none. All in whole milliseconds. */
  readonly intervals: readonly {
    readonly startPositionMs: number;
    readonly endPositionMs: number;
    readonly startedAtMs?: number | undefined;
    readonly endedAtMs?: number | undefined;
  }[];
}

/** A session as its row says it. */
export interface SessionRow extends TableSession {
  readonly organization: string;
  readonly clip: string;
  /** Empty if the row has none: `RowSessionIds` makes one from `content`. */
  readonly sessionId: string;
  readonly source: string | undefined;
  readonly content: SessionContent;
  /** The column that says what was played. */
  readonly column: 'Segments' | 'ListenedSeconds';
  /** EndedAt minus StartedAt of the row, where it gives both. */
  readonly rowClockMs: number | undefined;
  /** Whether the row has positions, and not only a length. */
  readonly hasPositions: boolean;
}

/** An interval as its row says it. `sessionOfIntervals` makes a session of several. */
export interface IntervalRow {
  readonly organization: string;
  readonly clip: string;
  /** Empty if the row has none: `--session-key` identifies its session then. */
  readonly sessionId: string;
  readonly source: string | undefined;
  readonly clipDurationMs: number | undefined;
  readonly startPositionMs: number;
  readonly endPositionMs: number;
  /** Unix milliseconds. */
  readonly startedAtMs: number;
  /** Undefined where the row does not say. */
  readonly endedAtMs: number | undefined;
  /** Milliseconds of clock that the audio takes at the row's speed. */
  readonly derivedClockMs: number;
  /** Whether StartedAt stood in the row, and was not computed from EndedAt. */
  readonly startGiven: boolean;
  /** The column that says how much was played. */
  readonly column: ColumnName;
}

/** A heartbeat as its row says it. */
export interface PingRow {
  readonly organization: string;
  readonly clip: string;
  /** Empty if the row has none: `--session-key` identifies its session then. */
  readonly sessionId: string;
  readonly source: string | undefined;
  readonly clipDurationMs: number | undefined;
  readonly positionMs: number;
  /** Unix milliseconds. */
  readonly timestampMs: number;
}
