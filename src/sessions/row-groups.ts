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

/** What grouping, parting and reading on take besides the rows, in bytes a row. */
export const GROUPING_BYTES = 36;

/** Groups rows by SessionId. */
export function groupRows({ words, count }: Rows): RowGroups {
  const first = new Int32Array(count);
  const last = new Int32Array(count);
  const next = new Int32Array(count).fill(-1);
  let slots = new Int32Array(FIRST_SLOTS).fill(-1);
  let sessions = 0;
  let before = -1;
  for (let row = 0; row < count; row += 1) {
    const key = row * ROW_WORDS + WORD.key;
    // Events of a session often follow each other.
    if (before < 0 || !sameGuid(words, key - ROW_WORDS, words, key)) {
      const slot = slotOf(words, key, slots, first);
      before = slots[slot]!;
      if (before < 0) {
        slots[slot] = sessions;
        first[sessions] = row;
        last[sessions] = row;
        before = sessions;
        sessions += 1;
        if (sessions * 2 > slots.length) slots = grown(words, slots.length * 2, first, sessions);
        continue;
      }
    }
    next[last[before]!] = row;
    last[before] = row;
  }
  return { sessions, first, next };
}

/** Where the session of a key stands, or is to stand. */
function slotOf(words: Uint32Array, key: number, slots: Int32Array, first: Int32Array): number {
  const mask = slots.length - 1;
  let slot = hashGuid(words, key) & mask;
  for (let session = slots[slot]!; session >= 0; session = slots[slot]!) {
    if (sameGuid(words, first[session]! * ROW_WORDS + WORD.key, words, key)) return slot;
    slot = (slot + 1) & mask;
  }
  return slot;
}

function grown(
  words: Uint32Array,
  size: number,
  first: Int32Array,
  sessions: number,
): Int32Array<ArrayBuffer> {
  const slots = new Int32Array(size).fill(-1);
  for (let session = 0; session < sessions; session += 1) {
    slots[slotOf(words, first[session]! * ROW_WORDS + WORD.key, slots, first)] = session;
  }
  return slots;
}
