import type { Diagnosis } from '../domain/finding.js';
import { escaped, formatNumber, pluralize } from '../domain/text.js';

/** The report as the JSON that is documented for scripts: a clip a line. */
export function* reportJson({
  version,
  bin,
  minDuration,
  totals,
  clips,
  diagnoses,
}: Report<ClipList>): Generator<string> {
  yield `{ "version": ${version}, "bin": ${bin}, "minDuration": ${minDuration},\n  "totals": ${escaped(JSON.stringify(totals))},\n  "clips": [`;
  let between = '';
  for (const clip of clips) {
    yield `${between}\n    ${escaped(JSON.stringify(clip))}`;
    between = ',';
  }
  yield `${clips.length === 0 ? '' : '\n  '}],\n  "diagnoses": ${escaped(JSON.stringify(diagnoses))} }\n`;
}

type Cell = string | number | boolean;

const CLIP_COLUMNS: Readonly<Record<string, (clip: ClipFigures) => Cell>> = {
  clipId: ({ clipId }) => clipId,
  duration: ({ duration }) => duration,
  durationKnown: ({ durationKnown }) => durationKnown,
  plays: ({ plays }) => plays,
  verified60: ({ verified60 }) => verified60,
  filtered: ({ filtered }) => filtered,
  totalSeconds: ({ totalSeconds }) => totalSeconds,
  averageSeconds: ({ averageSeconds }) => averageSeconds,
  completionAverage: ({ completion }) => completion.average,
  completionMin: ({ completion }) => completion.min,
  completionMax: ({ completion }) => completion.max,
  reached25: ({ completion }) => completion.reached['25'],
  reached50: ({ completion }) => completion.reached['50'],
  reached75: ({ completion }) => completion.reached['75'],
  reached100: ({ completion }) => completion.reached['100'],
};

/** The report as CSV, one row per clip. */
export function* reportCsv({ clips }: Report<ClipList>): Generator<string> {
  yield row(Object.keys(CLIP_COLUMNS));
  for (const clip of clips) yield row(Object.values(CLIP_COLUMNS).map((cell) => cell(clip)));
}

/** The graphs as CSV, one row per bin: `from` and `to` in seconds, then the counts. */
export function* graphsCsv({ bin, clips }: Report<ClipList>): Generator<string> {
  yield row(['clipId', 'from', 'to', ...GRAPHS]);
  for (const clip of clips) {
    for (const i of clip.retention.keys()) {
      const { from, to } = binAt(i, bin, clip.duration);
      yield row([clip.clipId, from, to, ...GRAPHS.map((graph) => clip[graph][i] ?? 0)]);
    }
  }
}

/** People are shown no more clips than this: a page or a table of more is read by nobody. */
export const MAX_SHOWN = 10_000;

/** The first clips, at most `most`. */
export function firstClips(clips: Iterable<ClipFigures>, most: number): readonly ClipFigures[] {
  const first: ClipFigures[] = [];
  if (most > 0) {
    for (const clip of clips) {
      first.push(clip);
      if (first.length >= most) break;
    }
  }
  return first;
}

/** Where a bin begins and ends, in seconds. */
function binAt(index: number, bin: number, duration: number): { from: number; to: number } {
  const ms = (bins: number): number => Math.round(bins * bin * 1000) / 1000;
  return { from: ms(index), to: Math.min(ms(index + 1), duration) };
}

/** No cell needs quotes: ids are hexadecimal, the rest are numbers. */
function row(cells: readonly Cell[]): string {
  return `${cells.join(',')}\n`;
}

function allKnown(clips: Iterable<ClipFigures>): boolean {
  for (const { durationKnown } of clips) if (!durationKnown) return false;
  return true;
}

/** What of the sessions is in the figures and what is not, and why, in plain sentences. */
export function explanation({ totals, minDuration, clips }: Report<ClipList>): readonly string[] {
  const { verified, verified60, filtered, invalidSessions, unreadable, unmapped = 0 } = totals;
  return [
    `A session counts as a verified play where at least ${minDuration} s were played. ${
      filtered === 0
        ? 'None was filtered.'
        : `${pluralize(filtered, 'session')} played less and ${filtered === 1 ? 'is' : 'are'} filtered: left out of every other figure.`
    }`,
    `Omny’s help pages disagree on that limit: some say 10 s, newer ones ${NEWER_MIN_DURATION} s. Both are shown: ${
      minDuration === NEWER_MIN_DURATION
        ? '--min-duration sets the other'
        : `${formatNumber(verified)} reach ${minDuration} s, ${formatNumber(verified60)} reach ${NEWER_MIN_DURATION} s`
    }.`,
    ...(invalidSessions === 0
      ? []
      : [
          `${pluralize(invalidSessions, 'session')} with errors ${invalidSessions === 1 ? 'is' : 'are'} left out; omny-consume validate says why.`,
        ]),
    ...(unreadable === 0
      ? []
      : [
          `${pluralize(unreadable, 'row or line', 'rows or lines')} of the input could not be read and ${unreadable === 1 ? 'is' : 'are'} missing here. To see why: omny-consume validate`,
        ]),
    ...(unmapped === 0
      ? []
      : [
          `${pluralize(unmapped, 'row or event', 'rows or events')} of clips that the clip map does not hold ${unmapped === 1 ? 'is' : 'are'} left out.`,
        ]),
    ...((clips.durationsKnown ?? allKnown(clips))
      ? []
      : [
          'If a clip’s duration is unknown (~), its farthest Stop is used instead, and completion looks better than it is. Give durations with --clips.',
        ]),
    'A part that was played twice counts once in the time heard, in completion and in retention.',
  ];
}

/** How many verified plays heard this share of the clip; `100`: all but the last second. */
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
  /** What people call it; absent where no catalogue says so. */
  readonly title?: string;
  /** Seconds. */
  readonly duration: number;
  /** Known from a catalogue or a row. If not, it is the farthest Stop, rounded up to a whole second. */
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
  /** Rows, lines or values that could not be read and are missing from the report. */
  readonly unreadable: number;
  /** Rows and events that were left out because their clips are not in the clip map; absent without any. */
  readonly unmapped?: number;
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
  /** Whether every clip has a known duration; absent if the clips must be read to know that. */
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
  /** The bugs of a player, or of an export, behind patterns over the whole input; none where nobody looked for them. */
  readonly diagnoses: readonly Diagnosis[];
}

/** The four graphs of a clip. */
const GRAPHS = ['retention', 'startAt', 'dropOff', 'skips'] as const;
export type Graph = (typeof GRAPHS)[number];

/** Seconds played that newer help pages of Omny ask of a verified play. */
export const NEWER_MIN_DURATION = 60;

/** Most bins of a clip. */
export const MAX_BINS = 200_000;
