import { type TimeOptions, timeReader } from '../times.js';
import type { RowFault } from './cells.js';

/** Reads the time in a cell: unix seconds, fractions kept, or why there are none. */
export type CellTime = (text: string) => number | RowFault;

/** A reader of the times in cells, whose hints name the options of the command line that would help. */
export function cellTimeReader(options: TimeOptions): CellTime {
  const read = timeReader(options);
  return (text) => {
    const time = read(text);
    if (!('problem' in time)) return time.seconds;
    const { kind, expected, received, hint } = time.problem;
    if (kind === 'milliseconds') return { expected, received, hint: 'Say so with --timestamp-unit ms' };
    if (kind === 'no-offset')
      return { expected, received, hint: `${hint}; or name it: --timezone Europe/Berlin` };
    return { expected, received, hint };
  };
}
