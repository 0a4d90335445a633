import type { EventField } from '../wire/event.js';
import type { TypeMeaning } from './cell-values.js';
import type { ColumnName } from './columns.js';

/** A stretch of a clip that was played without a break, in whole milliseconds. */
export interface TableInterval {
  /** Positions along the audio. */
  readonly startPositionMs: number;
  readonly endPositionMs: number;
  /** Unix times at which the interval started and ended. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Whether the table has the time of each end; false where the time was computed. */
  readonly startObserved: boolean;
  readonly endObserved: boolean;
  /**
   * Whether the clock was computed from the audio. Rules about clock and speed do not apply to such an interval: they
   * would only check this program's arithmetic.
   */
  readonly derivedClock: boolean;
}

/** An event made from the start or the end of an interval. */
interface TableEvent {
  readonly type: 'Start' | 'Stop';
  readonly positionMs: number;
  /** Whole unix seconds: the exact time, rounded down (API-13). */
  readonly timestamp: number;
  readonly origin: 'observed' | 'inferred';
}

/** A session of a table, made of one row or several. */
export interface TableSession {
  readonly intervals: readonly TableInterval[];
  /** The duration of its clip according to the rows; undefined where no row says. */
  readonly clipDurationMs: number | undefined;
}

/** The Start and the Stop event of an interval. */
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

/**
 * Whether the audio can be played within the clock, by the same limit as the rule `playback-too-fast`. The limit allows
 * for times that were rounded to seconds.
 */
export function fitsClock(audioMs: number, clockMs: number, maxSpeed: number): boolean {
  return audioMs <= maxSpeed * (Math.max(0, clockMs) + 1000) + 1000;
}

/** How long playing the audio takes at a speed, in milliseconds, rounded half up. */
export function clockOf(audioMs: number, speed: number): number {
  return Math.round(audioMs / speed);
}

/**
 * A computed end, cut off at the start of the next interval if the audio still fits, so that a computed end causes no
 * finding.
 */
export function cutOff(
  {
    startedAtMs,
    endedAtMs,
    audioMs,
  }: { readonly startedAtMs: number; readonly endedAtMs: number; readonly audioMs: number },
  nextStartMs: number | undefined,
  maxSpeed: number,
): number {
  if (nextStartMs === undefined || nextStartMs >= endedAtMs || nextStartMs < startedAtMs) return endedAtMs;
  return fitsClock(audioMs, nextStartMs - startedAtMs, maxSpeed) ? nextStartMs : endedAtMs;
}

/** An event as its row says it. */
export interface EventRow {
  /**
   * The event's fields; the fields of empty cells are absent. A cell of a number column that is not a number stays text
   * (rule `field-type`).
   */
  readonly value: Readonly<Partial<Record<EventField | 'Source', string | number>>>;
  readonly clipDurationMs: number | undefined;
  /**
   * The meaning that `--type` gives to the row's Type; undefined where no `--type` names the value. A row with `Ignore`
   * is skipped.
   */
  readonly meaning: TypeMeaning | undefined;
}

/** The values of a row of the shape `sessions` on which its SessionId depends. */
export interface SessionContent {
  readonly organization: string;
  readonly clip: string;
  readonly source: string | undefined;
  /** Unix milliseconds. */
  readonly startedAtMs: number;
  /** Positions of each interval, and its times where the row has them. All in whole milliseconds. */
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
  /** EndedAt minus StartedAt of the row, where it has both. */
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
  /** How long playing the audio takes at the row's speed, in milliseconds. */
  readonly derivedClockMs: number;
  /** Whether the row has StartedAt; false where it was computed from EndedAt. */
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
