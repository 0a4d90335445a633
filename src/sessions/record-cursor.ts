import { FULL, readRecord } from './event-record.js';
import { type Rows, WORD } from './rows.js';

/** Goes through records, a piece of which is at hand. */
export interface RecordCursor {
  readonly words: Uint32Array;
  readonly reals: Float64Array;
  /** Where the record at hand begins. */
  readonly at: number;
  /** Sees to it that a whole record is at hand; false after the last. */
  settle(): boolean;
  /** Passes over the record at hand. */
  pass(): void;
}

/** The ordinal of a session's first event, which is at hand. */
export function ordinalAt({ words, at }: RecordCursor): number {
  return words[at + FULL.row + WORD.ordinal]!;
}

/** Appends the rows of a whole session, whose first event is at hand. */
export function readSession(cursor: RecordCursor, into: Rows): void {
  for (let left = cursor.words[cursor.at + FULL.count]!; left > 0; left -= 1) {
    cursor.settle();
    readRecord(cursor.words, cursor.reals, cursor.at, into);
    cursor.pass();
  }
}
