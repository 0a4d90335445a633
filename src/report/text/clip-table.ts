import type { ChalkInstance } from 'chalk';
import { grouped } from '../../domain/count.js';
import type { ClipFigures } from '../figures.js';
import { clock, percent } from '../words.js';
import { GAP, plainTable } from './plain-table.js';

interface Column {
  readonly head: string;
  readonly cell: (clip: ClipFigures) => string;
  /** Which goes first where there is no room for all. */
  readonly leaves?: number;
}

const COLUMNS: readonly Column[] = [
  { head: 'plays', cell: ({ plays }) => grouped(plays) },
  { head: '≥60 s', cell: ({ verified60 }) => grouped(verified60), leaves: 2 },
  { head: 'filtered', cell: ({ filtered }) => grouped(filtered) },
  { head: 'average', cell: ({ averageSeconds }) => clock(averageSeconds), leaves: 5 },
  {
    head: 'duration',
    cell: ({ duration, durationKnown }) => `${durationKnown ? '' : '~'}${clock(duration)}`,
    leaves: 1,
  },
  { head: 'completion', cell: ({ completion }) => percent(completion.average) },
  { head: '25 %', cell: ({ completion }) => grouped(completion.reached['25']), leaves: 3 },
  { head: '50 %', cell: ({ completion }) => grouped(completion.reached['50']), leaves: 6 },
  { head: '75 %', cell: ({ completion }) => grouped(completion.reached['75']), leaves: 4 },
  { head: '100 %', cell: ({ completion }) => grouped(completion.reached['100']), leaves: 7 },
];

const SHORTEST_ID = 8;

/** @param width Columns that it may take, for which ids are cut short and columns left out; null: as many as it needs. */
export function clipTable(
  clips: readonly ClipFigures[],
  width: number | null,
  colors: ChalkInstance,
): string {
  const { columns, room } = fitted(clips, width);
  return plainTable(
    ['clip', ...columns.map(({ head }) => head)].map((head) => colors.bold(head)),
    clips.map((clip) => [shortened(clip.clipId, room), ...columns.map(({ cell }) => cell(clip))]),
    ['left', ...columns.map(() => 'right' as const)],
  );
}

function fitted(clips: readonly ClipFigures[], width: number | null): { columns: Column[]; room: number } {
  if (width === null) return { columns: [...COLUMNS], room: Number.POSITIVE_INFINITY };
  let columns = [...COLUMNS];
  for (;;) {
    const room = columns.reduce((left, column) => left - GAP.length - widthOf(column, clips), width);
    const next = columns.toSorted((a, b) => (a.leaves ?? 99) - (b.leaves ?? 99))[0];
    if (room > SHORTEST_ID || next?.leaves === undefined)
      return { columns, room: Math.max(room, SHORTEST_ID + 1) };
    columns = columns.filter((column) => column !== next);
  }
}

function widthOf({ head, cell }: Column, clips: readonly ClipFigures[]): number {
  return clips.reduce((widest, clip) => Math.max(widest, cell(clip).length), head.length);
}

function shortened(id: string, room: number): string {
  return id.length <= room ? id : `${id.slice(0, room - 1)}…`;
}
