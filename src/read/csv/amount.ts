import { excerpt, readNumber } from '../text.js';
import type { RowFault } from './cells.js';

/** The seconds that a clip lasts; undefined where the cell is empty. */
export function readDuration(cell: string): number | undefined | RowFault {
  return cell === '' ? undefined : readAmount(cell, 'a number of seconds above 0', (seconds) => seconds > 0);
}

/** A finite number that meets a condition, or why the cell holds none. */
export function readAmount(
  cell: string,
  expected: string,
  meets: (number: number) => boolean,
): number | RowFault {
  const number = readNumber(cell);
  if (number !== undefined && Number.isFinite(number) && meets(number)) return number;
  const hint = /^\s*\d+,\d+\s*$/.test(cell)
    ? 'Write decimals with a point: 4.5'
    : 'Leave the cell empty where it is not known';
  return { expected, received: excerpt(cell), hint };
}
