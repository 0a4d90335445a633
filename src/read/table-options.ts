/** What a row of a table may be: `--shape`. */
export const SHAPE_NAMES = ['events', 'sessions', 'intervals', 'pings'] as const;
export type ShapeName = (typeof SHAPE_NAMES)[number];

/** The memory limit for DuckDB, as a multiple of that for sessions: it sorts all rows, and fails with too little. */
export const QUERY_MEMORY_FACTOR = 2;

/** Units of lengths and positions that can be read: `--duration-unit`, `--position-unit`, `--clip-duration-unit`. */
export const LENGTH_UNITS = ['s', 'ms', 'min'] as const;
export type LengthUnit = (typeof LENGTH_UNITS)[number];

/** Units of unix time that can be read: `--timestamp-unit`. */
export const TIME_UNITS = ['s', 'ms', 'us', 'ns'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

/** The unit options as given; one that was not given is absent. */
export interface UnitOptions {
  readonly durationUnit?: LengthUnit | undefined;
  readonly positionUnit?: LengthUnit | undefined;
  readonly clipDurationUnit?: LengthUnit | undefined;
  readonly timestampUnit?: TimeUnit | undefined;
}

/** A session made of rows, and where its events come from. */
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
    /** Whether its time stood in the table. */
    readonly origin: 'observed' | 'inferred';
  }[];
}

/** How the rows of tables are to be read (`docs/formats.md`). */
export interface TableOptions extends UnitOptions {
  /** Headers by the column they stand for: `ClipId` to `episode_guid`. */
  readonly map: ReadonlyMap<string, string>;
  /** What a row is; the columns choose where it is absent. */
  readonly shape?: ShapeName | undefined;
  /** What the `--type` options say, each `Start=value,value`. */
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
  /** Seconds that a clip lasts, by the id that the row gives, where that is known. */
  readonly clipSeconds?: ((clip: string) => number | undefined) | undefined;
  /** Whether the rows of a clip id are left out. Called for each row. */
  readonly leavesOut?: ((clip: string) => boolean) | undefined;
  /** MiB that rows may take that are held until their session is whole, and where the rest goes. */
  readonly memory?: { readonly bytes: number; readonly folder: string } | undefined;
  /** The additional memory for DuckDB, if it supplies the rows. */
  readonly queryMemory?: { readonly bytes: number; readonly folder: string } | undefined;
  /** Called with the shape that an input's rows are read as. */
  readonly onShape?: ((file: string, shape: ShapeName) => void) | undefined;
  /** Called with each session made of rows: which of its events were in the table, and which were inferred. */
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
