import { hashGuid, sameGuid } from '../domain/guid-words.js';
import { tooLarge } from './largest.js';
import { PARTS, PartedRows } from './parted-rows.js';
import { areAlike, FLAG, REAL, ROW_BYTES, ROW_WORDS, Rows, WORD } from './rows.js';
import type { Shortcut } from './shortcut.js';
import { Table } from './table.js';

/*
 * Most events of a session differ in four values only. So a session is a row, its first event's, and its events are lean rows of 24 bytes,
 * each leading to the next. An event that differs in more has a row of its own, to which its lean row leads.
 */

/** What the row of a session holds in place of its first event's values. */
const ITS = { first: 4, last: 5, count: 6, unlike: 7 } as const;

const LEAN_WORDS = 6;
/** Twice the SeqNumber, and 1 more for a Stop; 0 where the line is the number of a row of its own. */
const LEAN = { timestamp: 2, line: 3, seqAndType: 4, next: 5 } as const;
const NONE = 0xffff_ffff;
const MOST_SEQ_NUMBER = 0x7fff_ffff;

export const PART_SEED = 1;
/** The sessions of a part stand together in blocks, their lean rows too. */
const SESSION_BLOCK_BITS = 6;
const LEAN_BLOCK_BITS = 9;

const FIRST_SLOTS = 8192;
/** A session's share in the table of slots, at most. */
const SLOT_BYTES = 16;
const LEAN_BYTES = LEAN_WORDS * 4;

/** Events grouped by SessionId as they come. */
export class HeldSessions {
  readonly #sessions: Rows;
  readonly #lean: Table;
  readonly #unlike: Rows = new Rows();
  readonly #sessionRows: PartedRows;
  readonly #leanRows: PartedRows;
  readonly #mostEvents: number;
  #slots = new Int32Array(FIRST_SLOTS).fill(-1);
  /** The session of the last event: the next is often of the same. */
  #recent = -1;
  /** What looking ahead came to: of no use, but without it looking would be left out as useless. */
  lookedAt = 0;

  /**
   * @param bytes What it may take, roughly: the caller minds it.
   * @param mostEvents How many events a session may have.
   */
  constructor(bytes: number, mostEvents: number) {
    const begun = 2 * PARTS;
    this.#sessions = new Rows((begun << SESSION_BLOCK_BITS) + Math.ceil(bytes / (ROW_BYTES + SLOT_BYTES)));
    this.#lean = new Table((begun << LEAN_BLOCK_BITS) + Math.ceil(bytes / LEAN_BYTES), LEAN_WORDS);
    this.#sessionRows = new PartedRows(this.#sessions, SESSION_BLOCK_BITS);
    this.#leanRows = new PartedRows(this.#lean, LEAN_BLOCK_BITS);
    this.#mostEvents = mostEvents;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return (
      this.#sessionRows.count * (ROW_BYTES + SLOT_BYTES) +
      this.#leanRows.count * LEAN_BYTES +
      this.#unlike.count * ROW_BYTES
    );
  }

  /** The numbers of the sessions, those of a part together, and there in the order of first appearance. */
  numbers(): Int32Array {
    return this.#sessionRows.numbers();
  }

  /** What a session takes of them. */
  heldBytesOf(session: number): number {
    const { words } = this.#sessions;
    const at = session * ROW_WORDS;
    const lean = words[at + ITS.count]! * LEAN_BYTES;
    return ROW_BYTES + SLOT_BYTES + lean + words[at + ITS.unlike]! * ROW_BYTES;
  }

  /**
   * Takes an event: a row of another table.
   * @param likely A session that it may be of.
   * @throws UserError of kind `data` where its session has as many already as it may have.
   */
  add(rows: Rows, row: number, likely = -1): void {
    const at = row * ROW_WORDS;
    const session = this.#sessionOf(rows, row, likely);
    const { words } = this.#sessions;
    const its = session * ROW_WORDS;
    if (words[its + ITS.count]! >= this.#mostEvents) throw tooLarge(words, its, this.#mostEvents);
    const added = this.#leanRows.push(this.#sessionRows.partOf(session));
    if (words[its + ITS.count] === 0) words[its + ITS.first] = added;
    else this.#lean.words[words[its + ITS.last]! * LEAN_WORDS + LEAN.next] = added;
    words[its + ITS.last] = added;
    words[its + ITS.count]! += 1;
    const lean = this.#lean.words;
    const to = added * LEAN_WORDS;
    lean[to + LEAN.next] = NONE;
    if (isLean(words, its, rows, at)) {
      this.#lean.reals[to >> 1] = rows.reals[(at >> 1) + REAL.position]!;
      lean[to + LEAN.timestamp] = rows.reals[(at >> 1) + REAL.timestamp]!;
      lean[to + LEAN.line] = rows.words[at + WORD.line]!;
      lean[to + LEAN.seqAndType] =
        rows.words[at + WORD.seqNumber]! * 2 + (rows.words[at + WORD.flags]! & FLAG.stop);
    } else {
      lean[to + LEAN.line] = this.#unlike.copy(rows, row);
      lean[to + LEAN.seqAndType] = 0;
      words[its + ITS.unlike]! += 1;
    }
  }

  /**
   * Finds the likely sessions of events that are to be added, -1 where there is none, and looks at what adding them will look at. In short
   * loops like these the processor waits for many places of memory at once; while adding it would wait for one after the other.
   * @param keys The SessionIds, `stride` words apart.
   */
  lookAhead(keys: Uint32Array, stride: number, from: number, to: number, likely: Int32Array): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let i = from; i < to; i += 1) likely[i] = slots[hashGuid(keys, i * stride) & mask]!;
    const { words } = this.#sessions;
    const lean = this.#lean.words;
    let seen = 0;
    for (let i = from; i < to; i += 1) {
      if (likely[i]! >= 0) seen ^= lean[words[likely[i]! * ROW_WORDS + ITS.last]! * LEAN_WORDS + LEAN.next]!;
    }
    this.lookedAt = seen;
  }

  /** Appends the rows of a session, in the order in which they came. */
  rowsOf(session: number, into: Rows): void {
    const its = session * ROW_WORDS;
    const { words } = this.#sessions;
    const { words: lean, reals } = this.#lean;
    for (let node = words[its + ITS.first]!; node !== NONE; node = lean[node * LEAN_WORDS + LEAN.next]!) {
      const from = node * LEAN_WORDS;
      const seqAndType = lean[from + LEAN.seqAndType]!;
      if (seqAndType === 0) {
        into.copy(this.#unlike, lean[from + LEAN.line]!);
        continue;
      }
      const at = into.copy(this.#sessions, session) * ROW_WORDS;
      into.reals[(at >> 1) + REAL.position] = reals[from >> 1]!;
      into.reals[(at >> 1) + REAL.timestamp] = lean[from + LEAN.timestamp]!;
      into.words[at + WORD.line] = lean[from + LEAN.line]!;
      into.words[at + WORD.seqNumber] = seqAndType >>> 1;
      into.words[at + WORD.flags] = (words[its + WORD.flags]! & ~FLAG.stop) | (seqAndType & FLAG.stop);
    }
  }

  /**
   * The rows of one session after the other, where the shortcut does not take them, in the order of first appearance; the same table is
   * used again for the next.
   */
  *each(shortcut: Shortcut): Generator<Rows> {
    const rows = new Rows();
    const left: number[] = [];
    for (const session of this.numbers()) {
      rows.clear();
      this.rowsOf(session, rows);
      if (!shortcut(rows)) left.push(session);
    }
    const { words } = this.#sessions;
    const ordinalOf = (session: number): number => words[session * ROW_WORDS + WORD.ordinal]!;
    left.sort((a, b) => ordinalOf(a) - ordinalOf(b));
    for (const session of left) {
      rows.clear();
      this.rowsOf(session, rows);
      yield rows;
    }
  }

  /** A hash of a session's SessionId, another for every seed. */
  hashOf(session: number, seed: number): number {
    return hashGuid(this.#sessions.words, session * ROW_WORDS + WORD.key, seed);
  }

  /** Forgets all sessions; their room stays. */
  clear(): void {
    this.#sessions.clear();
    this.#lean.clear();
    this.#unlike.clear();
    this.#sessionRows.clear();
    this.#leanRows.clear();
    // What comes may be much less.
    this.#slots = new Int32Array(FIRST_SLOTS).fill(-1);
    this.#recent = -1;
  }

  /** Forgets all sessions and gives their room back; there is none for others then. */
  free(): void {
    this.clear();
    this.#sessions.free();
    this.#lean.free();
    this.#unlike.free();
  }

  #sessionOf(rows: Rows, row: number, likely: number): number {
    const key = row * ROW_WORDS + WORD.key;
    const { words } = this.#sessions;
    if (this.#recent >= 0 && sameGuid(words, this.#recent * ROW_WORDS + WORD.key, rows.words, key)) {
      return this.#recent;
    }
    if (likely >= 0 && sameGuid(words, likely * ROW_WORDS + WORD.key, rows.words, key)) {
      this.#recent = likely;
      return likely;
    }
    const slot = this.#slotOf(rows.words, key);
    const known = this.#slots[slot]!;
    this.#recent = known >= 0 ? known : this.#begin(rows, row, slot);
    return this.#recent;
  }

  #begin(rows: Rows, row: number, slot: number): number {
    const session = this.#sessionRows.push(
      hashGuid(rows.words, row * ROW_WORDS + WORD.key, PART_SEED) >>> 24,
    );
    this.#sessions.set(session, rows, row);
    const { words } = this.#sessions;
    words[session * ROW_WORDS + ITS.count] = 0;
    words[session * ROW_WORDS + ITS.unlike] = 0;
    this.#slots[slot] = session;
    if (this.#sessionRows.count * 2 > this.#slots.length) this.#growSlots();
    return session;
  }

  /** Where the session of a key stands, or is to stand. */
  #slotOf(words: Uint32Array, key: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashGuid(words, key) & mask;
    for (let session = slots[slot]!; session >= 0; session = slots[slot]!) {
      if (sameGuid(this.#sessions.words, session * ROW_WORDS + WORD.key, words, key)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const { words } = this.#sessions;
    for (const session of this.numbers()) {
      this.#slots[this.#slotOf(words, session * ROW_WORDS + WORD.key)] = session;
    }
  }
}

/** Whether the row of its session and a lean one can say all that a row says. */
function isLean(session: Uint32Array, its: number, { words, reals }: Rows, at: number): boolean {
  const timestamp = reals[(at >> 1) + REAL.timestamp]!;
  return (
    areAlike(words, at, session, its) &&
    (words[at + WORD.flags]! & FLAG.whole) === 0 &&
    words[at + WORD.seqNumber]! <= MOST_SEQ_NUMBER &&
    timestamp >>> 0 === timestamp &&
    !Object.is(timestamp, -0)
  );
}
