import { hashGuid, sameGuid } from '../domain/guid-words.js';
import { ID_WORDS, ID_WORDS_AN_EVENT, type PlainEvents } from '../domain/plain-events.js';
import { LEAN, LEAN_POSITION, LEAN_WORDS, SLOT_SHIFT, SLOTS, TAG } from './event-record.js';
import { type EventStreams, PARTS } from './event-streams.js';

/** An entry is 16 words: the ids of an event, and two that tell what else the events of a session mostly share. */
const ENTRY_BITS = 4;
const ITS = { written: ID_WORDS_AN_EVENT, read: ID_WORDS_AN_EVENT + 1 } as const;
const SLOT_BITS = Math.log2(SLOTS);
const SEED = 1;

/** Where events of a session go: its part, and its slot there. */
export function placeOf(words: Uint32Array, at: number): number {
  return hashGuid(words, at, SEED) >>> 16;
}

export function partOf(place: number): number {
  return place >>> SLOT_BITS;
}

export function slotOf(place: number): number {
  return place & (SLOTS - 1);
}

/** Knows of each slot of each stream what the last full record there says, so that a further event of its session is written leanly. */
export class RecentSessions {
  readonly #streams: EventStreams;
  readonly #entries = new Uint32Array((PARTS * SLOTS) << ENTRY_BITS);
  /** The place of the last event's session: the next is often of the same. */
  #place = 0;

  constructor(streams: EventStreams) {
    this.#streams = streams;
  }

  /** The place of the event that was tried last. */
  get place(): number {
    return this.#place;
  }

  /**
   * Writes event `i` leanly; false where it cannot be.
   * @param read Where it was read, as a number: events that differ in it differ in more than a lean record says.
   */
  addLean(events: PlainEvents, i: number, read: number): boolean {
    const { ids } = events;
    const from = i * ID_WORDS_AN_EVENT;
    const entries = this.#entries;
    let its = this.#place << ENTRY_BITS;
    if (!sameGuid(entries, its, ids, from)) {
      this.#place = placeOf(ids, from);
      its = this.#place << ENTRY_BITS;
      if (!sameGuid(entries, its, ids, from)) return false;
    }
    const timestamp = events.timestamps[i]!;
    if (
      !sameGuid(entries, its + ID_WORDS.clip, ids, from + ID_WORDS.clip) ||
      !sameGuid(entries, its + ID_WORDS.organization, ids, from + ID_WORDS.organization) ||
      entries[its + ITS.written] !== writtenAs(events, i) ||
      entries[its + ITS.read] !== read ||
      timestamp >>> 0 !== timestamp
    )
      return false;
    const at = this.#streams.room(partOf(this.#place), LEAN_WORDS);
    const { words, reals } = this.#streams;
    words[at + LEAN.tag] = (slotOf(this.#place) << SLOT_SHIFT) | (events.stops[i]! === 1 ? TAG.stop : 0);
    words[at + LEAN.seqNumber] = events.seqNumbers[i]!;
    words[at + LEAN.timestamp] = timestamp;
    words[at + LEAN.line] = events.lines[i]!;
    reals[(at >> 1) + LEAN_POSITION] = events.positions[i]!;
    return true;
  }

  /** A full record of event `i`, which was tried last, stands in its slot. */
  remember(events: PlainEvents, i: number, read: number): void {
    const its = this.#place << ENTRY_BITS;
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
}

/** How event `i` is written besides its values. */
function writtenAs({ upper, sources, columns }: PlainEvents, i: number): number {
  return (upper[i]! | (sources[i]! << 4) | (columns[i]! << 16)) >>> 0;
}
