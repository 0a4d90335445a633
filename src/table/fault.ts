import type { ColumnName } from './columns.js';

/** Why a cell cannot be read, in the phrases of a finding. */
export interface Unreadable {
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/** Why a row cannot be read: the cell that keeps it from being read. */
export interface CellFault extends Unreadable {
  readonly column: ColumnName;
}

/** Thrown inside a row's reading and caught at its edge (`readable`): a cell that cannot be read. */
export class CellError extends Error {
  constructor(readonly fault: CellFault) {
    super(fault.expected);
  }
}

/** The value. @throws CellError if there is no value */
export function readOrThrow<T>(column: ColumnName, value: T | Unreadable): T {
  if (isUnreadable(value)) throw new CellError({ column, ...value });
  return value;
}

/** What a reading returns, or the fault of the cell that stopped it. */
export function readable<T extends object>(read: () => T): T | CellFault {
  try {
    return read();
  } catch (error) {
    if (error instanceof CellError) return error.fault;
    throw error;
  }
}

/** Whether a reading ended at a cell. */
export function isCellFault(reading: object): reading is CellFault {
  return 'column' in reading && isUnreadable(reading);
}

function isUnreadable(value: unknown): value is Unreadable {
  return typeof value === 'object' && value !== null && 'expected' in value && 'received' in value;
}
