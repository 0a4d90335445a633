import type { ChalkInstance } from 'chalk';
import { clock, escaped, formatNumber, percent, pluralize } from '../../domain/text.js';
import { type Column, textTable } from '../text/text-table.js';
import type { ClipDifference, Comparison, Difference, Measure } from './compare.js';

interface Shown {
  readonly name: string;
  readonly value: (value: number) => string;
  readonly change: (change: number) => string;
}

const points = (share: number): string => `${Math.abs(Math.round(share * 1000) / 10)} points`;
const PLAYS: Shown = {
  name: 'verified plays',
  value: formatNumber,
  change: (n) => formatNumber(Math.abs(n)),
};
const AVERAGE: Shown = { name: 'average time', value: clock, change: (s) => clock(Math.abs(s)) };
const COMPLETION: Shown = { name: 'completion', value: percent, change: points };

const GUESSED: Shown = { ...COMPLETION, value: (value) => `~${percent(value)}` };

const SHOWN: Readonly<Record<Measure, Shown>> = {
  plays: PLAYS,
  filtered: { name: 'filtered share', value: percent, change: points },
  average: AVERAGE,
  completion: COMPLETION,
  findings: {
    name: 'findings per session',
    value: (n) => n.toFixed(2),
    change: (n) => Math.abs(n).toFixed(2),
  },
  events: perSession('events per session'),
  pauses: perSession('pauses per session'),
  jumps: perSession('jumps per session'),
  open: { name: 'sessions left open', value: percent, change: points },
  diagnoses: { name: 'diagnoses', value: formatNumber, change: (n) => formatNumber(Math.abs(n)) },
};

function perSession(name: string): Shown {
  return { name, value: (n) => n.toFixed(2), change: (n) => Math.abs(n).toFixed(2) };
}

/** How many clips are listed. */
const LISTED = 20;
/** The most clips with -v: nobody reads a longer table. */
const MAX_LISTED = 10_000;

export interface ComparisonTextOptions {
  readonly before: string;
  readonly after: string;
  readonly colors: ChalkInstance;
  /** The width of the terminal; null without one. */
  readonly columns: number | null;
  /** Whether to list every clip. */
  readonly all: boolean;
}

/** The comparison for people: first the measures over all clips, then each clip. */
export function* comparisonText(
  { measures, clips, guessedDurations }: Comparison,
  { before, after, colors, columns, all }: ComparisonTextOptions,
): Generator<string> {
  yield `before: ${escaped(before)}\nafter:  ${escaped(after)}\n\n`;
  const look = { width: columns, bold: colors.bold };
  yield `${textTable(
    MEASURE_COLUMNS,
    Object.entries(SHOWN).map(([measure, shown]) => [
      shown.name,
      ...cells(measures[measure as Measure], shown),
    ]),
    look,
  )}\n`;
  const listed = first(clips, all ? MAX_LISTED : LISTED);
  if (listed.length === 0) return;
  yield `\n${textTable(CLIP_COLUMNS, listed, look)}\n`;
  if (guessedDurations > 0)
    yield '~ the clip’s duration is unknown: the farthest Stop of both sides is used (give durations with --clips)\n';
  const more = clips.length - listed.length;
  if (more > 0)
    yield `${pluralize(more, 'more clip')}: ${all ? '' : '-v lists more, and '}--format json lists all\n`;
}

function first(clips: Iterable<ClipDifference>, most: number): ClipDifference[] {
  const taken: ClipDifference[] = [];
  for (const clip of clips) if (taken.push(clip) === most) break;
  return taken;
}

function cells(difference: Difference, shown: Shown): string[] {
  const { before, after, change, relative } = difference;
  const text = (value: number | null): string => (value === null ? '–' : shown.value(value));
  if (change === null) return [text(before), text(after), '–'];
  const share = relative === null || change === 0 ? '' : ` (${sign(relative)}${percent(Math.abs(relative))})`;
  return [
    text(before),
    text(after),
    change === 0 ? 'none' : `${sign(change)}${shown.change(change)}${share}`,
  ];
}

function brief(difference: Difference, shown: Shown): [sides: string, change: string] {
  const [before = '', after = '', change = ''] = cells(difference, shown);
  return [`${before} → ${after}`, change === 'none' || change === '–' ? '' : change.replace(/ \(.*/, '')];
}

function sign(value: number): string {
  return value < 0 ? '−' : '+';
}

const MEASURE_COLUMNS: readonly Column<readonly string[]>[] = ['', 'before', 'after', 'change'].map(
  (head, i) => ({ head, cell: (row) => row[i] ?? '', ...(i === 0 && { align: 'left' as const }) }),
);

const CLIP_COLUMNS: readonly Column<ClipDifference>[] = [
  { head: 'clip', cell: ({ clipId }) => escaped(clipId), align: 'left', shortest: 13 },
  ...briefColumns('plays', ({ plays }) => brief(plays, PLAYS), 4),
  ...briefColumns('average', ({ average }) => brief(average, AVERAGE), 1),
  ...briefColumns(
    'completion',
    ({ completion, durationKnown }) => brief(completion, durationKnown ? COMPLETION : GUESSED),
    2,
  ),
];

/** A column for the figure on both sides, and a column for its change, which is left out first if the table is too wide. */
function briefColumns(
  head: string,
  figure: (clip: ClipDifference) => readonly [sides: string, change: string],
  leaves: number,
): readonly Column<ClipDifference>[] {
  return [
    { head, cell: (clip) => figure(clip)[0] },
    { head: '', cell: (clip) => figure(clip)[1], leaves },
  ];
}
