import Table from 'cli-table3';
import stringWidth from 'string-width';
import { escaped } from '../../domain/text.js';

/** The space between columns. */
export const GAP = '  ';

const NO_LINES = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((line) => [line, '']),
);

/** A text of any script in a fixed number of columns, cut off if it is longer. Control characters are escaped. */
export function fitted(text: string, columns: number): string {
  const whole = escaped(text);
  if (stringWidth(whole) <= columns) return whole;
  let [cut, width] = ['', 1];
  for (const { segment } of new Intl.Segmenter('en').segment(whole)) {
    width += stringWidth(segment);
    if (width > columns) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** A table without lines, its columns apart by blanks; cells may be coloured. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  aligns: readonly ('left' | 'right')[],
): string {
  const table = new Table({
    head: [...head],
    colAligns: [...aligns],
    chars: { ...NO_LINES, middle: GAP },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push([...row]);
  return table.toString().replaceAll(/ +$/gm, '');
}
