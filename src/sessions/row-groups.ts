import { hashGuid, sameGuid } from '../domain/guid-words.js';
import { ROW_WORDS, type Rows, WORD } from './rows.js';

/** Rows grouped by SessionId: for every session, in the order of first appearance, its rows as a list in their order. */
export interface RowGroups {
  readonly sessions: number;
  /** The first row of each session. */
  readonly first: Int32Array;
  /** The row after a row in its session; -1 after the last. */
  readonly next: Int32Array;
}

const FIRST_SLOTS = 4096;

/** What grouping takes besides the rows, in bytes a row, where every row is a session of its own. */
export const GROUPING_BYTES = 24;

/** Groups rows by SessionId. */
export function groupRows({ words, count }: Rows): RowGroups {
  const first = new Int32Array(count);
  const last = new Int32Array(count);
  const next = new Int32Array(count).fill(-1);
  let slots = new Int32Array(FIRST_SLOTS).fill(-1);
  let sessions = 0;

  for (let row = 0; row < count; row += 1) {
    const key = row * ROW_WORDS + WORD.key;
    const slot = slotOf(key);
    const session = slots[slot]!;
    if (session >= 0) {
      next[last[session]!] = row;
      last[session] = row;
      continue;
    }
    slots[slot] = sessions;
    first[sessions] = row;
    last[sessions] = row;
    sessions += 1;
    if (sessions * 2 > slots.length) grow();
  }
  return { sessions, first, next };

  /** Where the session of a key stands, or is to stand. */
  function slotOf(key: number): number {
    const mask = slots.length - 1;
    let slot = hashGuid(words, key) & mask;
    for (let session = slots[slot]!; session >= 0; session = slots[slot]!) {
      if (sameGuid(words, first[session]! * ROW_WORDS + WORD.key, words, key)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function grow(): void {
    slots = new Int32Array(slots.length * 2).fill(-1);
    for (let session = 0; session < sessions; session += 1) {
      slots[slotOf(first[session]! * ROW_WORDS + WORD.key)] = session;
    }
  }
}
