import type { Diagnosis } from '../domain/finding.js';
import { escaped, formatNumber, pluralize } from '../domain/text.js';

/** The report as the JSON that is documented for scripts, with one line per clip. */
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

/** The most clips in a table or page for people: nobody reads a longer one. */
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

/** Sentences that explain which sessions are in the figures, which are not, and why. */
export function explanation({ totals, minDuration, clips }: Report<ClipList>): readonly string[] {
  const { verified, verified60, filtered, invalidSessions, unreadable, unmapped = 0 } = totals;
  return [
    `A session counts as a verified play where at least ${minDuration} s were played. ${
      filtered === 0
        ? 'No session was filtered.'
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
          `${pluralize(unmapped, 'row or event', 'rows or events')} of clips that are not in the clip map ${unmapped === 1 ? 'is' : 'are'} left out.`,
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
  /** The ClipId in lower case. */
  readonly clipId: string;
  /** Its title; absent where no catalogue has one. */
  readonly title?: string;
  /** Seconds. */
  readonly duration: number;
  /** Whether a catalogue or a row has the duration. If not, `duration` is the farthest Stop, rounded up to a whole second. */
  readonly durationKnown: boolean;
  /** Verified plays. */
  readonly plays: number;
  /** Sessions that played at least 60 s. */
  readonly verified60: number;
  /** Sessions that played less than `minDuration`. */
  readonly filtered: number;
  /** Seconds heard; a part played twice counts once. */
  readonly totalSeconds: number;
  readonly averageSeconds: number;
  readonly completion: Completion;
  /** Plays that heard the middle of the bin. */
  readonly retention: readonly number[];
  /** Plays that began in the bin. */
  readonly startAt: readonly number[];
  /** Plays whose last Stop is in the bin. */
  readonly dropOff: readonly number[];
  /** Jumps ahead that start in the bin. */
  readonly skips: readonly number[];
}

/** The figures of a whole input. */
export interface ReportTotals {
  /** All sessions, verified, filtered and invalid ones. Each SessionId counts once. */
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
  /** Unix seconds; null where all sessions are invalid. */
  readonly firstTimestamp: number | null;
  readonly lastTimestamp: number | null;
  /** The number of sessions by Source. If there are very many Sources, the first ones, and all others together. */
  readonly sources: Readonly<Record<string, number>>;
}

/** Clips one after the other. They can be read several times; their figures are computed each time. */
export interface ClipList extends Iterable<ClipFigures> {
  readonly length: number;
  /** Whether every clip has a known duration; absent if the clips must be read to know that. */
  readonly durationsKnown?: boolean;
}

/** What the portal would show: what `report --format json` prints. */
export interface Report<Clips extends ClipList = readonly ClipFigures[]> {
  readonly version: 1;
  /** The length of a bin in seconds of audio. */
  readonly bin: number;
  /** A session that played fewer seconds than this is filtered. */
  readonly minDuration: number;
  readonly totals: ReportTotals;
  /** The clips, sorted by plays (the most first), then by ClipId. */
  readonly clips: Clips;
  /** The bugs of a player, or of an export, that patterns in the whole input show; empty where they were not searched. */
  readonly diagnoses: readonly Diagnosis[];
}

/** The four graphs of a clip. */
const GRAPHS = ['retention', 'startAt', 'dropOff', 'skips'] as const;
export type Graph = (typeof GRAPHS)[number];

/** The minimum number of seconds for a verified play according to newer help pages of Omny. */
export const NEWER_MIN_DURATION = 60;

/** The maximum number of bins of a clip. */
export const MAX_BINS = 200_000;
