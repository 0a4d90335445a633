import { grown, WORDS_PER_EVENT } from '../domain/event-batch.js';
import { hashGuid, isEmptyWords, sameGuid } from '../domain/guid.js';
import { HASH_SEED } from './key-slots.js';

export const HEAD_WORDS = 16;
/** How many words a head has after the twelve words of the ids. The last two are the clip's duration. */
const WORD = { where: 12, ordinal: 13 } as const;
const DURATION = 7;

const NONE = -1;
const RECENT_BITS = 16;
/** With fewer sessions than this, the table of recent heads does not make look-ups faster. */
const MANY_SLOTS = 2 ** 13;
const FIRST_HEADS = 32;
const MANY_HEADS = 2 ** 17;
const BLOCK_BITS = 10;
const BLOCK_HEADS = 1 << BLOCK_BITS;
/** The block number's shift for heads that are one block of any size. */
const ONE_BLOCK_BITS = 31;
/** At most this many heads of a session are compared with an event. If a session has more, two of its heads can be equal. */
const MAX_LOOKED_AT = 16;
const POINTERS = 1 << 24;

/**
 * The values that the events of a session usually share, stored once: ids, input, Source, the clip's duration. A
 * session has one head, or several where its events differ; its first head represents it. Heads are numbered from 0 in
 * the order in which they were added.
 */
export class SessionHeads {
  count = 0;
  readonly #blocks: Block[] = [];
  #bits = BLOCK_BITS;
  #mask = BLOCK_HEADS - 1;
  /** For each head: the first head of its session, and the next head of its session. */
  roots = new Uint32Array(0);
  #next = new Int32Array(0);
  /** Heads by a hash of the SessionId: the first of each session. */
  #slots = new Int32Array(2).fill(NONE);
  #sessions = 0;
  /**
   * For hashes with the same beginning: the head that was looked up last, plus 1; 0 without one. In a large input, most
   * events belong to recent sessions, and this table keeps their heads close together in memory.
   */
  #recent = new Int32Array(2);
  #recentShift = 31;

  /** Bytes in memory. */
  get bytes(): number {
    return this.count * (HEAD_WORDS + 2) * 4 + this.#slots.byteLength;
  }

  /** The array that holds the words of a head, which begin at `placeOf`. */
  wordsOf(head: number): Uint32Array {
    return this.#blocks[head >>> this.#bits]!.words;
  }

  placeOf(head: number): number {
    return (head & this.#mask) * HEAD_WORDS;
  }

  inputOf(head: number): number {
    return this.#whereOf(head) & 0xffff;
  }

  sourceOf(head: number): number {
    return (this.#whereOf(head) >>> 16) & 0xff;
  }

  hasPointers(head: number): boolean {
    return (this.#whereOf(head) & POINTERS) !== 0;
  }

  /** The clip's duration in seconds; NaN where no row has one. */
  durationOf(head: number): number {
    return this.#blocks[head >>> this.#bits]!.durations[this.placeOf(head) / 2 + DURATION]!;
  }

  /** The number of the event for which the head was made, counted over all events. */
  ordinalOf(head: number): number {
    return this.wordsOf(head)[this.placeOf(head) + WORD.ordinal]!;
  }

  /** Whether two heads have the same SessionId. */
  sameSession(one: number, other: number): boolean {
    return sameGuid(this.wordsOf(one), this.placeOf(one), this.wordsOf(other), this.placeOf(other));
  }

  /**
   * The head of an event. Adds a head if there is none yet.
   * @param at The index of its ids.
   * @param input The number of its input.
   * @param pointers Whether the input has JSON pointers.
   * @param source As in an `EventBatch`.
   * @param duration Seconds; NaN if no row gave any.
   * @returns -1 if its SessionId is not usable
   */
  headOf(
    ids: Uint32Array,
    at: number,
    input: number,
    pointers: boolean,
    source: number,
    duration: number,
    ordinal: number,
  ): number {
    if (isEmptyWords(ids, at)) return NONE;
    const where = input | (source << 16) | (pointers ? POINTERS : 0);
    return this.#head(ids, at, where, duration, ordinal);
  }

  /**
   * Loads the memory of some events' heads before they are looked up. Here, the waits for memory overlap; one after the
   * other, they would take most of the time of a look-up.
   * @returns A number without meaning, so that the compiler does not remove the reads.
   */
  lookAhead(ids: Uint32Array, from: number, to: number): number {
    let read = 0;
    for (let at = from * WORDS_PER_EVENT; at < to * WORDS_PER_EVENT; at += WORDS_PER_EVENT) {
      if (at > 0 && sameGuid(ids, at, ids, at - WORDS_PER_EVENT)) continue;
      const head = this.#recent[hashGuid(ids, at, HASH_SEED) >>> this.#recentShift]! - 1;
      if (head >= 0) read ^= this.wordsOf(head)[this.placeOf(head)]!;
    }
    return read;
  }

  /** The head that is equal to a head of `other`. Adds a head if there is none yet. */
  headLike(other: SessionHeads, head: number): number {
    return this.#head(
      other.wordsOf(head),
      other.placeOf(head),
      other.#whereOf(head),
      other.durationOf(head),
      other.ordinalOf(head),
    );
  }

  /** Removes all heads, but keeps their memory. */
  clear(): void {
    this.count = 0;
    this.#sessions = 0;
    this.#slots.fill(NONE);
    this.#recent.fill(0);
  }

  /** Heads that are views of bytes; nothing is copied. It is unknown which of them belong to one session. */
  static readFrom(buffer: ArrayBuffer, from: number, count: number): SessionHeads {
    const heads = new SessionHeads();
    heads.#blocks.push(blockIn(buffer, from, count));
    heads.#bits = ONE_BLOCK_BITS;
    heads.#mask = 2 ** ONE_BLOCK_BITS - 1;
    heads.count = count;
    return heads;
  }

  /** Writes the words of a head, as `readFrom` reads them. */
  copyTo(head: number, into: Uint32Array, at: number): void {
    const words = this.wordsOf(head);
    const its = this.placeOf(head);
    for (let word = 0; word < HEAD_WORDS; word += 1) into[at + word] = words[its + word]!;
  }

  #whereOf(head: number): number {
    return this.wordsOf(head)[this.placeOf(head) + WORD.where]!;
  }

  #head(ids: Uint32Array, at: number, where: number, duration: number, ordinal: number): number {
    const hash = hashGuid(ids, at, HASH_SEED);
    const recent = this.#recent[hash >>> this.#recentShift]! - 1;
    if (recent >= 0 && sameGuid(this.wordsOf(recent), this.placeOf(recent), ids, at)) {
      if (this.#isOf(recent, ids, at, where, duration)) return recent;
    }
    const head = this.#lookUp(hash, ids, at, where, duration, ordinal);
    this.#recent[hash >>> this.#recentShift] = head + 1;
    return head;
  }

  #lookUp(
    hash: number,
    ids: Uint32Array,
    at: number,
    where: number,
    duration: number,
    ordinal: number,
  ): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    let root = this.#slots[slot]!;
    while (root !== NONE && !sameGuid(this.wordsOf(root), this.placeOf(root), ids, at)) {
      slot = (slot + 1) & mask;
      root = this.#slots[slot]!;
    }
    let looked = 0;
    for (let head = root; head !== NONE && looked < MAX_LOOKED_AT; head = this.#next[head]!) {
      if (this.#isOf(head, ids, at, where, duration)) return head;
      looked += 1;
    }
    const head = this.#push(ids, at, where, duration, ordinal);
    if (root === NONE) {
      this.roots[head] = head;
      this.#slots[slot] = head;
      this.#sessions += 1;
      if (this.#sessions * 2 > this.#slots.length) this.#growSlots();
    } else {
      this.roots[head] = root;
      // The newest head comes right after the first: the next event is most likely equal to it.
      this.#next[head] = this.#next[root]!;
      this.#next[root] = head;
    }
    return head;
  }

  #isOf(head: number, ids: Uint32Array, at: number, where: number, duration: number): boolean {
    const words = this.wordsOf(head);
    const its = this.placeOf(head);
    for (let word = 4; word < WORDS_PER_EVENT; word += 1)
      if (words[its + word] !== ids[at + word]) return false;
    const known = this.durationOf(head);
    const alike = known === duration || (Number.isNaN(known) && Number.isNaN(duration));
    return alike && words[its + WORD.where] === where;
  }

  #push(ids: Uint32Array, at: number, where: number, duration: number, ordinal: number): number {
    const head = this.count++;
    if (head >>> BLOCK_BITS === this.#blocks.length) this.#addBlock();
    if (head === this.roots.length) {
      this.roots = grown(this.roots, grownTo(head));
      this.#next = grown(this.#next, grownTo(head));
    }
    const words = this.wordsOf(head);
    const its = this.placeOf(head);
    for (let word = 0; word < WORDS_PER_EVENT; word += 1) words[its + word] = ids[at + word]!;
    words[its + WORD.where] = where;
    words[its + WORD.ordinal] = ordinal;
    this.#blocks[head >>> BLOCK_BITS]!.durations[its / 2 + DURATION] = duration;
    this.#next[head] = NONE;
    return head;
  }

  #addBlock(): void {
    this.#blocks.push(blockIn(new ArrayBuffer(BLOCK_HEADS * HEAD_WORDS * 4), 0, BLOCK_HEADS));
  }

  #growSlots(): void {
    const slots = new Int32Array(2 * grownTo(this.#slots.length / 2)).fill(NONE);
    if (slots.length >= MANY_SLOTS && this.#recentShift === 31) {
      this.#recentShift = 32 - RECENT_BITS;
      this.#recent = new Int32Array(1 << RECENT_BITS);
    }
    const mask = slots.length - 1;
    for (let head = 0; head < this.count; head += 1) {
      if (this.roots[head] !== head) continue;
      let slot = hashGuid(this.wordsOf(head), this.placeOf(head), HASH_SEED) & mask;
      while (slots[slot] !== NONE) slot = (slot + 1) & mask;
      slots[slot] = head;
    }
    this.#slots = slots;
  }
}

/** The words of heads, and a view of the same memory as doubles. */
interface Block {
  readonly words: Uint32Array;
  readonly durations: Float64Array;
}

function blockIn(buffer: ArrayBuffer, from: number, heads: number): Block {
  return {
    words: new Uint32Array(buffer, from, heads * HEAD_WORDS),
    durations: new Float64Array(buffer, from, (heads * HEAD_WORDS) / 2),
  };
}

/** The size to which a table grows. Small tables grow faster, because each copy leaves garbage. */
function grownTo(heads: number): number {
  return Math.max(FIRST_HEADS, heads * (heads < MANY_HEADS ? 8 : 2));
}
