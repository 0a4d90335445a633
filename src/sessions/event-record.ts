import { FLAG, REAL, ROW_WORDS, type Rows, WORD } from './rows.js';

/*
 * Events stand in streams, one record after the other. A full record holds a whole row. A lean one holds what sets most events of a session
 * apart, and the slot of the stream whose last full record, of the same session, says the rest.
 */

const KEY_WORDS = 4;

export const LEAN_WORDS = 6;
/** The words of a lean record; the last two are the position. */
export const LEAN = { tag: 0, seqNumber: 1, timestamp: 2, line: 3 } as const;
/** The position of a lean record, counted in doubles. */
export const LEAN_POSITION = 2;

export const FULL_WORDS = ROW_WORDS + 2;
/** The words of a full record: how many events its session has stands in the first of a session that is whole. */
export const FULL = { tag: 0, count: 1, row: 2 } as const;

/** The bits of a tag; the slot stands above them. */
export const TAG = { full: 1, stop: 2 } as const;
export const SLOT_SHIFT = 2;
/** The slots of a stream. */
export const SLOTS = 256;

export function lengthOf(tag: number): number {
  return (tag & TAG.full) === 0 ? LEAN_WORDS : FULL_WORDS;
}

/** Appends the row of a record; of a lean one the row before it says the rest. */
export function readRecord(words: Uint32Array, reals: Float64Array, at: number, into: Rows): void {
  const tag = words[at]!;
  if ((tag & TAG.full) !== 0) {
    const to = into.push() * ROW_WORDS;
    for (let word = 0; word < ROW_WORDS; word += 1) into.words[to + word] = words[at + FULL.row + word]!;
    return;
  }
  const row = into.push() * ROW_WORDS;
  const before = row - ROW_WORDS;
  for (let word = 0; word < KEY_WORDS; word += 1) into.words[row + word] = into.words[before + word]!;
  for (let word = WORD.ordinal; word < ROW_WORDS; word += 1)
    into.words[row + word] = into.words[before + word]!;
  into.reals[(row >> 1) + REAL.position] = reals[(at >> 1) + LEAN_POSITION]!;
  into.reals[(row >> 1) + REAL.timestamp] = words[at + LEAN.timestamp]!;
  into.words[row + WORD.seqNumber] = words[at + LEAN.seqNumber]!;
  into.words[row + WORD.line] = words[at + LEAN.line]!;
  const flags = into.words[row + WORD.flags]! & ~FLAG.stop;
  into.words[row + WORD.flags] = (tag & TAG.stop) === 0 ? flags : flags | FLAG.stop;
}
