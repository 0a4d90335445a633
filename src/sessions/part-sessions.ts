import { hashGuid, sameGuid } from '../domain/guid-words.js';
import {
  FULL,
  FULL_WORDS,
  LEAN_WORDS,
  lengthOf,
  readRecord,
  SLOT_SHIFT,
  SLOTS,
  TAG,
} from './event-record.js';
import { tooLarge } from './largest.js';
import { Rows } from './rows.js';
import type { Shortcut } from './shortcut.js';

const NONE = -1;

/** Takes records that stand one after the other. */
export type RecordSink = (words: Uint32Array, from: number, to: number) => void;

/** Groups the records of one part by SessionId: few enough that the processor has them at hand. One is used again for the next part. */
export class PartSessions {
  readonly #mostEvents: number;
  readonly #rows = new Rows();
  #words = new Uint32Array(0);
  #reals = new Float64Array(0);
  /** Of each event, where its record stands, and the next event of its session. */
  #at = new Int32Array(0);
  #next = new Int32Array(0);
  /** Of each session, its first event, its last, and how many it has. */
  #first = new Int32Array(0);
  #last = new Int32Array(0);
  #count = new Int32Array(0);
  #slots = new Int32Array(0);
  readonly #bySlot = new Int32Array(SLOTS);
  #sessions = 0;

  /** @param mostEvents How many events a session may have. */
  constructor(mostEvents: number) {
    this.#mostEvents = mostEvents;
  }

  /** Room for so many words of records, in the order in which they came. */
  room(words: number): Uint32Array {
    if (words > this.#words.length) {
      this.#words = new Uint32Array(words + (words % 2));
      this.#reals = new Float64Array(this.#words.buffer);
      const events = Math.ceil(words / LEAN_WORDS);
      this.#at = new Int32Array(events);
      this.#next = new Int32Array(events);
      const sessions = Math.ceil(words / FULL_WORDS);
      this.#first = new Int32Array(sessions);
      this.#last = new Int32Array(sessions);
      this.#count = new Int32Array(sessions);
      this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * sessions + 1)));
    }
    return this.#words.subarray(0, words);
  }

  /**
   * Hands the sessions whose records stand in that room, and which the shortcut does not take, to a sink, in order of first appearance.
   * @throws UserError of kind `data` where one has too many events.
   */
  sift(words: number, shortcut: Shortcut, sink: RecordSink): void {
    this.#group(words);
    const rows = this.#rows;
    for (let session = 0; session < this.#sessions; session += 1) {
      rows.clear();
      for (let event = this.#first[session]!; event !== NONE; event = this.#next[event]!) {
        readRecord(this.#words, this.#reals, this.#at[event]!, rows);
      }
      if (!shortcut(rows)) this.#give(session, sink);
    }
  }

  #give(session: number, sink: RecordSink): void {
    const words = this.#words;
    words[this.#at[this.#first[session]!]! + FULL.count] = this.#count[session]!;
    for (let event = this.#first[session]!; event !== NONE; event = this.#next[event]!) {
      const at = this.#at[event]!;
      sink(words, at, at + lengthOf(words[at]!));
    }
  }

  #group(length: number): void {
    const words = this.#words;
    this.#sessions = 0;
    this.#slots.fill(NONE);
    for (let at = 0, event = 0; at < length; event += 1) {
      const tag = words[at]!;
      const slot = tag >>> SLOT_SHIFT;
      const full = (tag & TAG.full) !== 0;
      if (full) this.#bySlot[slot] = this.#sessionAt(at + FULL.row);
      this.#add(event, at, this.#bySlot[slot]!);
      at += full ? FULL_WORDS : LEAN_WORDS;
    }
  }

  #add(event: number, at: number, session: number): void {
    this.#at[event] = at;
    this.#next[event] = NONE;
    if (this.#count[session] === 0) this.#first[session] = event;
    else this.#next[this.#last[session]!] = event;
    this.#last[session] = event;
    const count = this.#count[session]! + 1;
    this.#count[session] = count;
    if (count > this.#mostEvents)
      throw tooLarge(this.#words, this.#at[this.#first[session]!]! + FULL.row, this.#mostEvents);
  }

  /** The session of a key, a new one where there is none yet. */
  #sessionAt(key: number): number {
    const words = this.#words;
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hashGuid(words, key) & mask;
    for (let session = slots[slot]!; session !== NONE; session = slots[slot]!) {
      if (sameGuid(words, this.#at[this.#first[session]!]! + FULL.row, words, key)) return session;
      slot = (slot + 1) & mask;
    }
    const session = this.#sessions;
    slots[slot] = session;
    this.#count[session] = 0;
    this.#sessions += 1;
    return session;
  }
}
