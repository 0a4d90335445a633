import type { EventField } from '../../wire/event.js';
import type { ColumnName } from '../columns.js';
import type { TypeMeaning } from '../event-types.js';
import type { TableSession } from '../intervals.js';
import type { SessionContent } from '../session-ids.js';

/** An event as its row says it. */
export interface EventRow {
  /** The event's fields, those of empty cells absent; a cell that is no number in a number column stays text (rule `field-type`). */
  readonly value: Readonly<Partial<Record<EventField | 'Source', string | number>>>;
  readonly clipDurationMs: number | undefined;
  /** What `--type` says of the Type; `Ignore`: the row is skipped. Undefined where no `--type` names the value. */
  readonly meaning: TypeMeaning | undefined;
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
