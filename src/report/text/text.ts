import type { ChalkInstance } from 'chalk';
import { clock, escaped, formatNumber, moment, percent, pluralize } from '../../domain/text.js';
import { wrapped } from '../../domain/wrap.js';
import {
  type ClipFigures,
  type ClipList,
  explanation,
  firstClips,
  MAX_SHOWN,
  type Report,
} from '../output.js';
import { type Column, fitted, textTable } from './text-table.js';

export interface TextOptions {
  readonly colors: ChalkInstance;
  /** The width of the terminal; null without one: ids are then written in full. */
  readonly columns: number | null;
  /** Whether to list every clip. */
  readonly all: boolean;
}

/** How many clips have a plot. */
const PLOTS = 3;
/** How many clips are listed. */
const LISTED = 50;
const WIDTH = 80;
const NARROWEST = 40;
const WIDEST = 120;

/** The report for people at a terminal. */
export function* reportText(
  report: Report<ClipList>,
  { colors, columns, all }: TextOptions,
): Generator<string> {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns ?? WIDTH));
  yield* totalsText(report, colors);
  const listed = firstClips(report.clips, all ? MAX_SHOWN : LISTED);
  if (listed.length > 0) yield `${clipTable(listed, columns === null ? null : width, colors)}\n`;
  const more = report.clips.length - listed.length;
  if (more > 0) yield `${pluralize(more, 'more clip')}: ${whoListsAll(report.clips.length)}\n`;
  yield '\n';
  for (const clip of listed.filter(isPlotted).slice(0, PLOTS)) {
    yield `${colors.bold(fitted(`Retention of ${clip.title ?? clip.clipId}`, Math.max(width, LONGEST_HEADING)))}\n`;
    if (clip.title !== undefined) yield `${colors.dim(clip.clipId)}\n`;
    yield `${colors.dim(`share of ${pluralize(clip.plays, 'verified play')} that heard it`)}\n`;
    yield `${plot(clip.retention, clip.plays, clip.duration, { width, paint: colors.cyan })}\n`;
  }
  for (const sentence of explanation(report)) yield `${wrapped(sentence, width)}\n`;
}

function whoListsAll(clips: number): string {
  return clips > MAX_SHOWN
    ? '--format csv and json list all'
    : '-v lists all, so do --format csv, html and json';
}

function isPlotted({ plays, retention }: ClipFigures): boolean {
  return plays > 0 && retention.length > 0;
}

function* totalsText({ totals }: Report<ClipList>, colors: ChalkInstance): Generator<string> {
  const { sessions, verified, verified60, filtered, invalidSessions, clips, totalSeconds } = totals;
  const share = sessions === 0 ? '' : ` (${formatNumber(verified60)} reach 60 s)`;
  yield `${colors.bold(pluralize(sessions, 'session'))}: ${formatNumber(verified)} verified${share}, ${formatNumber(filtered)} filtered, ${formatNumber(invalidSessions)} invalid\n`;
  yield `${hours(totalSeconds)} heard of ${pluralize(clips, 'clip')}`;
  const { firstTimestamp, lastTimestamp, sources } = totals;
  if (firstTimestamp !== null && lastTimestamp !== null) {
    yield `, from ${moment(firstTimestamp)} to ${moment(lastTimestamp)}`;
  }
  yield '\n';
  const named = Object.entries(sources).map(([name, its]) => `${escaped(name)} ${formatNumber(its)}`);
  yield named.length === 0 ? '\n' : `Sources: ${named.join(', ')}\n\n`;
}

function hours(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600
    ? `${Math.round(seconds / 60)} min`
    : `${formatNumber(Math.round(seconds / 360) / 10)} h`;
}

const COLUMNS: readonly Column<ClipFigures>[] = [
  { head: 'plays', cell: ({ plays }) => formatNumber(plays) },
  { head: '≥60 s', cell: ({ verified60 }) => formatNumber(verified60), leaves: 2 },
  { head: 'filtered', cell: ({ filtered }) => formatNumber(filtered) },
  { head: 'average', cell: ({ averageSeconds }) => clock(averageSeconds), leaves: 5 },
  {
    head: 'duration',
    cell: ({ duration, durationKnown }) => `${durationKnown ? '' : '~'}${clock(duration)}`,
    leaves: 1,
  },
  { head: 'completion', cell: ({ completion }) => percent(completion.average) },
  { head: '25 %', cell: ({ completion }) => formatNumber(completion.reached['25']), leaves: 3 },
  { head: '50 %', cell: ({ completion }) => formatNumber(completion.reached['50']), leaves: 6 },
  { head: '75 %', cell: ({ completion }) => formatNumber(completion.reached['75']), leaves: 4 },
  { head: '100 %', cell: ({ completion }) => formatNumber(completion.reached['100']), leaves: 7 },
];

const SHORTEST_ID = 9;
const SHORTEST_TITLE = 25;
/**
 * The minimum number of columns for a heading, enough for `Retention of` and an id; and the columns for a title if the
 * output is not a terminal.
 */
const LONGEST_HEADING = 49;
const LONGEST_TITLE = 60;

/** @param width The width of the terminal, on which titles replace ids. Null without a terminal: then titles follow the figures. */
function clipTable(clips: readonly ClipFigures[], width: number | null, { bold }: ChalkInstance): string {
  const titled = clips.some(({ title }) => title !== undefined);
  const name: Column<ClipFigures> = {
    head: 'clip',
    cell: ({ clipId, title }) => (width === null ? clipId : escaped(title ?? clipId)),
    align: 'left',
    shortest: titled ? SHORTEST_TITLE : SHORTEST_ID,
  };
  const title: Column<ClipFigures> = {
    head: 'title',
    cell: (clip) => fitted(clip.title ?? '', LONGEST_TITLE),
    align: 'left',
  };
  const columns = [name, ...COLUMNS, ...(titled && width === null ? [title] : [])];
  return textTable(columns, clips, { width, bold });
}

const ROWS = 8;
const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const LABELS: Readonly<Record<number, string>> = { 0: '100 %', 2: '75 %', 4: '50 %', 6: '25 %' };
const MARGIN = 5;

export interface PlotOptions {
  /** How many columns of the terminal the plot can take. */
  readonly width: number;
  /** Adds colour to the drawn area. */
  readonly paint: (text: string) => string;
}

/**
 * Shares over a clip's time as an area of block characters with axes, in a fixed number of columns.
 * @param counts One count per bin.
 * @param of The count that is 100 %.
 * @param duration The seconds that the bins cover.
 */
export function plot(
  counts: readonly number[],
  of: number,
  duration: number,
  { width, paint }: PlotOptions,
): string {
  const columns = Math.max(10, width - MARGIN - 2);
  const levels = resampled(counts, columns).map((value) => Math.round((value / of) * ROWS * 8));
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const blocks = levels.map((level) => EIGHTHS[Math.min(8, Math.max(0, level - (ROWS - 1 - row) * 8))]);
    const label = LABELS[row] ?? '';
    return `${label.padStart(MARGIN)} ${label === '' ? '│' : '┤'}${paint(blocks.join('').trimEnd())}`;
  });
  return [...lines, `${'0 %'.padStart(MARGIN)} └${'─'.repeat(columns)}`, axis(duration, columns), ''].join(
    '\n',
  );
}

/** The mean of the counts in each column. */
function resampled(counts: readonly number[], columns: number): number[] {
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * counts.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * counts.length) / columns));
    return counts.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from);
  });
}

function axis(duration: number, columns: number): string {
  const widest = clock(duration).length;
  const steps = Math.max(1, Math.min(6, Math.floor(columns / (widest + 6))));
  let line = ' '.repeat(MARGIN + 2);
  for (let step = 0; step <= steps; step += 1) {
    const text = clock((duration * step) / steps);
    const at = MARGIN + 2 + Math.round((columns * step) / steps);
    const from = step === 0 ? at : step === steps ? at - text.length : at - Math.floor(text.length / 2);
    line = line.slice(0, from).padEnd(from) + text;
  }
  return line;
}
