import { hashGuid, sameGuid } from '../domain/guid-words.js';
import { ID_WORDS, ID_WORDS_AN_EVENT, type PlainEvents } from '../domain/plain-events.js';
import { LEAN, LEAN_POSITION, LEAN_WORDS, SLOT_SHIFT, SLOTS, TAG } from './event-record.js';
import { type EventStreams, PARTS } from './event-streams.js';

/** An entry is 16 words: the ids of an event, and two that tell what else the events of a session mostly share. */
const ENTRY_BITS = 4;
const ITS = { written: ID_WORDS_AN_EVENT, read: ID_WORDS_AN_EVENT + 1 } as const;
const SEED = 1;
const PART_BITS = Math.log2(PARTS);

/** So many slots of each stream are used at first: enough where events of a session mostly stand together, and few enough to be at hand. */
const FEW_SLOTS = 4;
/** After so many events it is seen whether more slots are needed. */
const LOOKED_AT = 4096;

/** The part of a place. */
export function partOf(place: number): number {
  return place & (PARTS - 1);
}

/** The slot of a place, in the stream of its part. */
export function slotOf(place: number): number {
  return place >> PART_BITS;
}

/** Knows of each slot of each stream what the last full record there says, so that a further event of its session is written leanly. */
export class RecentSessions {
  readonly #streams: EventStreams;
  #places = PARTS * FEW_SLOTS;
  #entries = new Uint32Array(this.#places << ENTRY_BITS);
  #tried = 0;
  #missed = 0;
  /** The place of each event in hand. */
  #ahead = new Uint16Array(0);
  /** What looking ahead came to: of no use, but without it looking would be left out as useless. */
  lookedAt = 0;

  constructor(streams: EventStreams) {
    this.#streams = streams;
  }

  /**
   * Finds the places of events that are to be added, and looks at what adding them will look at. In a short loop like this the processor
   * waits for many places of memory at once; while adding it would wait for one after the other.
   */
  lookAhead({ ids, capacity }: PlainEvents, from: number, to: number): void {
    this.#tried += to - from;
    if (this.#tried >= LOOKED_AT) this.#review();
    if (this.#ahead.length < to) this.#ahead = new Uint16Array(capacity);
    const ahead = this.#ahead;
    const entries = this.#entries;
    let place = 0;
    let seen = 0;
    for (let i = from; i < to; i += 1) {
      const at = i * ID_WORDS_AN_EVENT;
      if (i === from || !sameGuid(ids, at, ids, at - ID_WORDS_AN_EVENT)) place = this.placeOf(ids, at);
      ahead[i] = place;
      seen ^= entries[place << ENTRY_BITS]!;
    }
    this.lookedAt = seen;
  }

  /** Where events of a session go: its part, and its slot there. */
  placeOf(words: Uint32Array, at: number): number {
    return (hashGuid(words, at, SEED) >>> 16) & (this.#places - 1);
  }

  /** The place of event `i`, which was looked ahead at. */
  placeAhead(i: number): number {
    return this.#ahead[i]!;
  }

  /**
   * Writes event `i` leanly, which was looked ahead at; false where it cannot be.
   * @param read Where it was read, as a number: events that differ in it differ in more than a lean record says.
   */
  addLean(events: PlainEvents, i: number, read: number): boolean {
    const { ids } = events;
    const from = i * ID_WORDS_AN_EVENT;
    const entries = this.#entries;
    const place = this.#ahead[i]!;
    const its = place << ENTRY_BITS;
    const timestamp = events.timestamps[i]!;
    if (
      !sameGuid(entries, its, ids, from) ||
      !sameGuid(entries, its + ID_WORDS.clip, ids, from + ID_WORDS.clip) ||
      !sameGuid(entries, its + ID_WORDS.organization, ids, from + ID_WORDS.organization) ||
      entries[its + ITS.written] !== writtenAs(events, i) ||
      entries[its + ITS.read] !== read ||
      timestamp >>> 0 !== timestamp
    )
      return false;
    const at = this.#streams.room(partOf(place), LEAN_WORDS);
    const { words, reals } = this.#streams;
    words[at + LEAN.tag] = (slotOf(place) << SLOT_SHIFT) | (events.stops[i]! === 1 ? TAG.stop : 0);
    words[at + LEAN.seqNumber] = events.seqNumbers[i]!;
    words[at + LEAN.timestamp] = timestamp;
    words[at + LEAN.line] = events.lines[i]!;
    reals[(at >> 1) + LEAN_POSITION] = events.positions[i]!;
    return true;
  }

  /** A full record of event `i` stands in its slot. */
  remember(events: PlainEvents, i: number, read: number): void {
    this.#missed += 1;
    const its = this.#ahead[i]! << ENTRY_BITS;
    const from = i * ID_WORDS_AN_EVENT;
    for (let word = 0; word < ID_WORDS_AN_EVENT; word += 1) {
      this.#entries[its + word] = events.ids[from + word]!;
    }
    this.#entries[its + ITS.written] = writtenAs(events, i);
    this.#entries[its + ITS.read] = read;
  }

  /** A full record stands in a slot that lean ones are not to go by. */
  forget(place: number): void {
    const its = place << ENTRY_BITS;
    this.#entries.fill(0, its, its + ID_WORDS_AN_EVENT);
  }

  /** Gives its room back; no event is to come then. */
  free(): void {
    this.#entries = new Uint32Array(0);
  }

  /** Takes all slots where most events find their session's taken by another. Nothing is known of any then. */
  #review(): void {
    const many = PARTS * SLOTS;
    if (this.#missed * 2 > this.#tried && this.#places < many) {
      this.#places = many;
      this.#entries = new Uint32Array(many << ENTRY_BITS);
    }
    this.#tried = 0;
    this.#missed = 0;
  }
}

/** How event `i` is written besides its values. */
function writtenAs({ upper, sources, columns }: PlainEvents, i: number): number {
  return (upper[i]! | (sources[i]! << 4) | (columns[i]! << 16)) >>> 0;
}
