import { escaped, formatNumber, pluralize } from '../domain/text.js';
import { type ClipFigures, type ClipList, GRAPHS, NEWER_MIN_DURATION, type Report } from './figures.js';

/** The report as the JSON that is documented for scripts: a clip a line. */
export function* reportJson({
  version,
  bin,
  minDuration,
  totals,
  clips,
}: Report<ClipList>): Generator<string> {
  yield `{ "version": ${version}, "bin": ${bin}, "minDuration": ${minDuration},\n  "totals": ${escaped(JSON.stringify(totals))},\n  "clips": [`;
  let between = '';
  for (const clip of clips) {
    yield `${between}\n    ${JSON.stringify(clip)}`;
    between = ',';
  }
  yield clips.length === 0 ? '] }\n' : '\n  ] }\n';
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

/** The report as CSV, a row a clip. */
export function* reportCsv({ clips }: Report<ClipList>): Generator<string> {
  yield row(Object.keys(CLIP_COLUMNS));
  for (const clip of clips) yield row(Object.values(CLIP_COLUMNS).map((cell) => cell(clip)));
}

/** The graphs as CSV, a row a bin: `from` and `to` in seconds, then the counts. */
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
export const MOST_SHOWN = 10_000;

/** The first so many clips. */
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
export function binAt(index: number, bin: number, duration: number): { from: number; to: number } {
  const ms = (bins: number): number => Math.round(bins * bin * 1000) / 1000;
  return { from: ms(index), to: Math.min(ms(index + 1), duration) };
}

/** Nothing that stands in a cell needs quotes: ids are hexadecimal, the rest are numbers. */
function row(cells: readonly Cell[]): string {
  return `${cells.join(',')}\n`;
}

function allKnown(clips: Iterable<ClipFigures>): boolean {
  for (const { durationKnown } of clips) if (!durationKnown) return false;
  return true;
}

/** What of the sessions is in the figures and what is not, and why, in plain sentences. */
export function explanation({ totals, minDuration, clips }: Report<ClipList>): readonly string[] {
  const { verified, verified60, filtered, invalidSessions } = totals;
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
    ...((clips.durationsKnown ?? allKnown(clips))
      ? []
      : [
          'Where nothing tells a clip’s duration (~), it is taken to end at the farthest Stop, and completion looks better than it is: --clips gives durations.',
        ]),
    'A part that was played twice counts once in the time heard, in completion and in retention.',
  ];
}
