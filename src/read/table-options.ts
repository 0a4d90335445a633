/** What a row of a table can be: the values of `--shape`. */
export const SHAPE_NAMES = ['events', 'sessions', 'intervals', 'pings'] as const;
export type ShapeName = (typeof SHAPE_NAMES)[number];

/**
 * The memory limit for DuckDB, as a multiple of the limit for sessions. DuckDB sorts all rows, and fails with too
 * little memory.
 */
export const QUERY_MEMORY_FACTOR = 2;

/** Units of lengths and positions that can be read: `--duration-unit`, `--position-unit`, `--clip-duration-unit`. */
export const LENGTH_UNITS = ['s', 'ms', 'min'] as const;
export type LengthUnit = (typeof LENGTH_UNITS)[number];

/** Units of unix time that can be read: `--timestamp-unit`. */
export const TIME_UNITS = ['s', 'ms', 'us', 'ns'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** The unit options that the user gave; others are absent. */
export interface UnitOptions {
  readonly durationUnit?: LengthUnit | undefined;
  readonly positionUnit?: LengthUnit | undefined;
  readonly clipDurationUnit?: LengthUnit | undefined;
  readonly timestampUnit?: TimeUnit | undefined;
}

/** A session that was made from rows, and where its events come from. */
export interface ExplainedSession {
  readonly file: string;
  /** The line of its first row. */
  readonly line: number;
  readonly sessionId: string;
  readonly events: readonly {
    readonly type: 'Start' | 'Stop';
    readonly positionMs: number;
    /** Unix seconds. */
    readonly timestamp: number;
    /** Whether the table has the event's time (`observed`), or the time was computed (`inferred`). */
    readonly origin: 'observed' | 'inferred';
  }[];
}

/** How to read the rows of tables (`docs/formats.md`). */
export interface TableOptions extends UnitOptions {
  /** The header of each column that has another name: `ClipId` to `episode_guid`. */
  readonly map: ReadonlyMap<string, string>;
  /** What a row is; absent to detect it from the columns. */
  readonly shape?: ShapeName | undefined;
  /** The values of the `--type` options, each `Start=value,value`. */
  readonly types?: readonly string[] | undefined;
  /** The longest gap in seconds between two pings of one interval; absent to measure it. */
  readonly gap?: number | undefined;
  /** Headers of the columns whose cells make the SessionId. */
  readonly sessionKey?: readonly string[] | undefined;
  /** Cells that mean an absent value, in addition to the empty cell. */
  readonly nulls?: readonly string[] | undefined;
  /** The delimiter of CSV cells, one character; absent to detect it in the header row. */
  readonly delimiter?: string | undefined;
  /** IANA name of the zone of times without an offset; without it they cannot be read. */
  readonly timezone?: string | undefined;
  /** OrganizationId for rows without one. */
  readonly organization?: string | undefined;
  /** Highest playback speed to accept; 4 unless given. */
  readonly maxSpeed?: number | undefined;
  /** Returns the duration of a clip in seconds, by the row's ClipId; undefined where it is not known. */
  readonly clipSeconds?: ((clip: string) => number | undefined) | undefined;
  /** Whether to leave out a row with this ClipId. Called for each row. */
  readonly leavesOut?: ((clip: string) => boolean) | undefined;
  /** The memory for rows that are held until their session is complete, and where more rows are stored. */
  readonly memory?: { readonly bytes: number; readonly folder: string } | undefined;
  /** The additional memory for DuckDB, if DuckDB reads the rows. */
  readonly queryMemory?: { readonly bytes: number; readonly folder: string } | undefined;
  /** Called with the shape as which an input's rows are read. */
  readonly onShape?: ((file: string, shape: ShapeName) => void) | undefined;
  /** Called with each session that was made from rows; its events say which times were in the table, and which were computed. */
  readonly onSession?: ((session: ExplainedSession) => void) | undefined;
  /** Called with a note about what was skipped in an input, such as repeated header lines. */
  readonly onNote?: ((file: string, note: string) => void) | undefined;
}

/** Whether JSON and NDJSON are read as tables, one object per row. */
export function readsObjectsAsRows({ shape, map, types, sessionKey }: Partial<TableOptions>): boolean {
  return (
    shape !== undefined || (map?.size ?? 0) > 0 || (types?.length ?? 0) > 0 || (sessionKey?.length ?? 0) > 0
  );
}
