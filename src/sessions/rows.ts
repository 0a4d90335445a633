import { Table } from './table.js';

/** A row is 16 words of 32 bits. */
export const ROW_WORDS = 16;

/** The words of a row. */
export const WORD = {
  /** Four words: the SessionId. */
  key: 0,
  seqNumber: 8,
  line: 9,
  /** The how manyth of all events it is: the order in which sessions first appeared. */
  ordinal: 10,
  clip: 11,
  /** Organization in the lower half, Source in the upper. */
  organizationAndSource: 12,
  pointer: 13,
  /** Input in the lower half, column in the upper. */
  inputAndColumn: 14,
  /** The lower half: flags; the upper: the clip's duration. */
  flags: 15,
} as const;

/** The doubles of a row, counted in doubles. */
export const REAL = { position: 2, timestamp: 3 } as const;

/** The flags of a row. */
export const FLAG = {
  stop: 1,
  upperCase: 2,
  unnumbered: 4,
  invalid: 8,
  whole: 16,
  /** It has a Source, and that is a documented one for custom players. */
  customSource: 32,
} as const;

/** Events, a row each, with all that is known of them. */
export class Rows extends Table {
  /** @param capacity How many rows are expected at most. */
  constructor(capacity = Number.POSITIVE_INFINITY) {
    super(capacity, ROW_WORDS);
  }
}
