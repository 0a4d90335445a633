import { clock } from '../words.js';

const ROWS = 8;
const EIGHTHS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const LABELS: Readonly<Record<number, string>> = { 0: '100 %', 2: '75 %', 4: '50 %', 6: '25 %' };
const MARGIN = 5;

export interface PlotOptions {
  /** Columns of the terminal that it may take. */
  readonly width: number;
  /** Colours what is drawn. */
  readonly paint: (text: string) => string;
}

/**
 * Shares over a clip's time as an area of block characters with axes, in so many columns.
 * @param counts A count for each bin.
 * @param of What is 100 %.
 * @param duration Seconds that the bins cover.
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

/** The mean of what each column stands for. */
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
