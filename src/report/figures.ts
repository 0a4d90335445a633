/** How many verified plays heard so much of the clip; `100`: all but the last second. */
export interface Reached {
  readonly '25': number;
  readonly '50': number;
  readonly '75': number;
  readonly '100': number;
}

/** Shares of a clip heard, from 0 to 1, with 3 decimals. */
export interface Completion {
  readonly average: number;
  readonly min: number;
  readonly max: number;
  readonly reached: Reached;
}

/** A clip's figures, over its verified plays (OBS-4). The four graphs have a count for each bin. */
export interface ClipFigures {
  /** In lower case. */
  readonly clipId: string;
  /** Seconds. */
  readonly duration: number;
  /** Told by a catalogue or a row; else it is the farthest Stop, rounded up to a whole second. */
  readonly durationKnown: boolean;
  /** Verified plays. */
  readonly plays: number;
  /** Sessions that played at least 60 s. */
  readonly verified60: number;
  /** Sessions that played less than the least duration. */
  readonly filtered: number;
  /** Seconds heard; a part played twice counts once. */
  readonly totalSeconds: number;
  readonly averageSeconds: number;
  readonly completion: Completion;
  /** Plays that heard the middle of the bin. */
  readonly retention: readonly number[];
  /** Plays that began in the bin. */
  readonly startAt: readonly number[];
  /** Plays that ended in it for good. */
  readonly dropOff: readonly number[];
  /** Jumps ahead that left from it. */
  readonly skips: readonly number[];
}

/** The figures of a whole input. */
export interface ReportTotals {
  /** Each SessionId once: the verified, the filtered and the invalid ones. */
  readonly sessions: number;
  readonly verified: number;
  /** Sessions that played at least 60 s. */
  readonly verified60: number;
  readonly filtered: number;
  readonly invalidSessions: number;
  readonly totalSeconds: number;
  readonly clips: number;
  /** Unix seconds; null where there is no session but invalid ones. */
  readonly firstTimestamp: number | null;
  readonly lastTimestamp: number | null;
  /** All sessions by Source; of very many Sources the first ones, and the rest together. */
  readonly sources: Readonly<Record<string, number>>;
}

/** Clips one after the other, as often as one likes; their figures are computed when they come. */
export interface ClipList extends Iterable<ClipFigures> {
  readonly length: number;
  /** Whether the duration of every clip is told; absent where they are to be gone through for that. */
  readonly durationsKnown?: boolean;
}

/** What the portal would show: what `report --format json` prints. */
export interface Report<Clips extends ClipList = readonly ClipFigures[]> {
  readonly version: 1;
  /** Seconds of audio a bin. */
  readonly bin: number;
  /** Seconds played under which a session is filtered. */
  readonly minDuration: number;
  readonly totals: ReportTotals;
  /** By falling plays, then ClipId. */
  readonly clips: Clips;
}

/** The four graphs of a clip. */
export const GRAPHS = ['retention', 'startAt', 'dropOff', 'skips'] as const;
export type Graph = (typeof GRAPHS)[number];

/** Seconds played that newer help pages of Omny ask of a verified play. */
export const NEWER_MIN_DURATION = 60;

/** Most bins of a clip. */
export const MOST_BINS = 200_000;
