import { type ClipFigures, GRAPHS, type Report } from './figures.js';

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
export function* reportCsv({ clips }: Report): Generator<string> {
  yield row(Object.keys(CLIP_COLUMNS));
  for (const clip of clips) yield row(Object.values(CLIP_COLUMNS).map((cell) => cell(clip)));
}

/** The graphs as CSV, a row a bin: `from` and `to` in seconds, then the counts. */
export function* graphsCsv({ bin, clips }: Report): Generator<string> {
  yield row(['clipId', 'from', 'to', ...GRAPHS]);
  for (const clip of clips) {
    for (const i of clip.retention.keys()) {
      const { from, to } = binAt(i, bin, clip.duration);
      yield row([clip.clipId, from, to, ...GRAPHS.map((graph) => clip[graph][i] ?? 0)]);
    }
  }
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
