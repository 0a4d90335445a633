/** More columns than this no window shows. */
const MOST = 1200;

/** The counts in at most so many columns: shares as the mean of what a column stands for, other counts as their sum. */
export function columnsOf(counts: readonly number[], share: boolean): number[] {
  const step = Math.ceil(counts.length / MOST);
  if (step <= 1) return [...counts];
  return Array.from({ length: Math.ceil(counts.length / step) }, (_, i) => {
    const its = counts.slice(i * step, (i + 1) * step);
    const sum = its.reduce((total, value) => total + value, 0);
    return share ? sum / its.length : sum;
  });
}

/** A step a column, filled down to 0; heights from 0 (above) to 100. */
export function areaPath(columns: readonly number[], top: number): string {
  return `M0 100${columns.map((value, i) => `V${height(value, top)}H${i + 1}`).join('')}V100Z`;
}

/** A bar for each column that has any. */
export function barsPath(columns: readonly number[], top: number): string {
  // A bar is at least as wide as two of MOST columns, so that a single one is seen.
  const width = Math.max(1, (columns.length * 3) / MOST);
  return columns
    .map((value, i) =>
      value === 0 ? '' : `M${Math.min(i, columns.length - width)} 100V${height(value, top)}h${width}V100Z`,
    )
    .join('');
}

function height(value: number, top: number): number {
  return Math.round((100 - (value / Math.max(1, top)) * 100) * 100) / 100;
}
