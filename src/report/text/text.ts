import type { ChalkInstance } from 'chalk';
import { count, grouped } from '../../domain/count.js';
import { escaped } from '../../domain/escaped.js';
import { explanation } from '../explain.js';
import type { ClipFigures, Report } from '../figures.js';
import { moment } from '../words.js';
import { clipTable } from './clip-table.js';
import { plot } from './plot.js';

export interface TextOptions {
  readonly colors: ChalkInstance;
  /** Columns of the terminal; null where it is none: ids are whole then. */
  readonly columns: number | null;
  /** List every clip. */
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
export function* reportText(report: Report, { colors, columns, all }: TextOptions): Generator<string> {
  const width = Math.min(WIDEST, Math.max(NARROWEST, columns ?? WIDTH));
  yield* totalsText(report, colors);
  const listed = all ? report.clips : report.clips.slice(0, LISTED);
  if (listed.length > 0) yield `${clipTable(listed, columns === null ? null : width, colors)}\n`;
  const more = report.clips.length - listed.length;
  if (more > 0) yield `${count(more, 'more clip')}: -v lists all, so do --format csv, html and json\n`;
  yield '\n';
  for (const clip of report.clips.filter(isPlotted).slice(0, PLOTS)) {
    yield `${colors.bold(`Retention of ${clip.clipId}`)}\n`;
    yield `${colors.dim(`share of ${count(clip.plays, 'verified play')} that heard it`)}\n`;
    yield `${plot(clip.retention, clip.plays, clip.duration, { width, paint: colors.cyan })}\n`;
  }
  for (const sentence of explanation(report)) yield `${wrapped(sentence, width)}\n`;
}

function isPlotted({ plays, retention }: ClipFigures): boolean {
  return plays > 0 && retention.length > 0;
}

function* totalsText({ totals }: Report, colors: ChalkInstance): Generator<string> {
  const { sessions, verified, verified60, filtered, invalidSessions, clips, totalSeconds } = totals;
  const share = sessions === 0 ? '' : ` (${grouped(verified60)} reach 60 s)`;
  yield `${colors.bold(count(sessions, 'session'))}: ${grouped(verified)} verified${share}, ${grouped(filtered)} filtered, ${grouped(invalidSessions)} invalid\n`;
  yield `${hours(totalSeconds)} heard of ${count(clips, 'clip')}`;
  const { firstTimestamp, lastTimestamp, sources } = totals;
  if (firstTimestamp !== null && lastTimestamp !== null) {
    yield `, from ${moment(firstTimestamp)} to ${moment(lastTimestamp)}`;
  }
  yield '\n';
  const told = Object.entries(sources).map(([name, its]) => `${escaped(name)} ${grouped(its)}`);
  yield told.length === 0 ? '\n' : `Sources: ${told.join(', ')}\n\n`;
}

function hours(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${grouped(Math.round(seconds / 360) / 10)} h`;
}

function wrapped(text: string, width: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
