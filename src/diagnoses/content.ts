import { readGuid } from '../domain/guid.js';
import type { Listening } from '../domain/listening.js';
import { HASH_SEED } from '../sessions/key-slots.js';
import { Examples } from './define.js';

const WORDS = 2 ** 32;
const SECOND_MS = 1000;

/** So many events are the same twice by no chance, also where all Positions are whole seconds. */
const MANY_EVENTS = 10;

const GUID_WORDS = 4;
/** An entry: the hash, and the first session that has it. */
const ENTRY_WORDS = 2 + GUID_WORDS;
const FIRST_ENTRIES = 1024;
const GROWTH = 4;
const MAX_ENTRIES = 2 ** 18;

/** A hash of 64 bits, as two of 32. */
export interface ContentHash {
  a: number;
  b: number;
}

/**
 * A hash of what happened in a session, when and where: the clip and the events, the SessionId aside.
 * @param clip A hash of the ClipId.
 * @param hash Is filled.
 */
export function hashContents(
  { keptCount, stops, positionsMs, timestampsMs }: Listening,
  clip: number,
  hash: ContentHash,
): void {
  let a = clip;
  let b = ~clip;
  for (let i = 0; i < keptCount; i += 1) {
    const positionMs = positionsMs[i]!;
    const timestampMs = timestampsMs[i]!;
    const rest = (timestampMs / WORDS) ^ Math.imul(positionMs / WORDS, 31) ^ (stops[i]! << 30);
    a = mix(mix(a, positionMs), timestampMs ^ rest);
    b = remix(remix(b, positionMs), timestampMs ^ rest);
  }
  hash.a = a;
  hash.b = b;
}

/** A hash, in 52 bits, of the clip and of when and where a session begins. @param clip A hash of the ClipId. */
export function beginningHash({ positionsMs, timestampsMs }: Listening, clip: number): number {
  const positionMs = positionsMs[0]!;
  const firstMs = timestampsMs[0]!;
  const rest = (firstMs / WORDS) ^ Math.imul(positionMs / WORDS, 31);
  const a = mix(mix(clip, positionMs), firstMs ^ rest);
  const b = remix(remix(~clip, positionMs), firstMs ^ rest);
  return (a >>> 0) * 2 ** 20 + (b >>> 12);
}

/** A hash of a text in 32 bits. */
export function textHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) hash = mix(hash, text.charCodeAt(i));
  return hash;
}

/**
 * Whether another session hardly has the same events by chance: a Stop at no whole second, other than the farthest (which may be the clip's
 * end), or ten events.
 */
export function isDistinctive({ keptCount, stops, positionsMs }: Listening): boolean {
  if (keptCount >= MANY_EVENTS) return true;
  let farthestMs = -1;
  for (let i = 0; i < keptCount; i += 1) {
    if (stops[i] === 1 && positionsMs[i]! > farthestMs) farthestMs = positionsMs[i]!;
  }
  for (let i = 0; i < keptCount; i += 1) {
    if (stops[i] === 1 && positionsMs[i] !== farthestMs && positionsMs[i]! % SECOND_MS !== 0) return true;
  }
  return false;
}

function mix(hash: number, word: number): number {
  let mixed = Math.imul(hash ^ word, 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}

function remix(hash: number, word: number): number {
  let mixed = Math.imul(hash + (word | 0), 0x27d4eb2f);
  mixed ^= mixed >>> 16;
  mixed = Math.imul(mixed, 0x165667b1);
  return mixed ^ (mixed >>> 14);
}

/** Tells which sessions have the same contents, in at most 8 MiB. */
export class ContentTable {
  /** How many sessions were looked at. */
  seen = 0;
  /** How many of them had the contents of one before. */
  again = 0;
  #entries = new Int32Array(FIRST_ENTRIES * ENTRY_WORDS);
  #slots = new Int32Array(FIRST_ENTRIES * 2).fill(-1);
  #count = 0;
  /** Of the sessions whose contents, of all that stand there twice, have the lowest hash. */
  #examples = new Examples();
  #exampleHash = { a: Number.POSITIVE_INFINITY, b: 0 };

  /** Whether there is no room for further contents: sessions whose contents are not there are not looked at any more. */
  get full(): boolean {
    return this.#count === MAX_ENTRIES;
  }

  /** Sessions that all have the same contents. */
  get examples(): readonly string[] {
    return this.#examples.ids;
  }

  /** @param words The SessionId, as four words from `at` on. */
  add({ a, b }: ContentHash, words: Uint32Array, at: number): void {
    const slot = this.#slotOf(a, b);
    const entry = this.#slots[slot]!;
    if (entry >= 0) this.#repeat(a, b, entry, words, at);
    else if (this.full) return;
    else this.#remember(slot, a, b, words, at);
    this.seen += 1;
  }

  #repeat(a: number, b: number, entry: number, words: Uint32Array, at: number): void {
    this.again += 1;
    const lowest = this.#exampleHash;
    if (a > lowest.a || (a === lowest.a && b > lowest.b)) return;
    if (a !== lowest.a || b !== lowest.b) {
      this.#exampleHash = { a, b };
      this.#examples = new Examples();
      this.#examples.add(readGuid(new Uint32Array(this.#entries.buffer), entry * ENTRY_WORDS + 2));
    }
    this.#examples.add(readGuid(words, at));
  }

  #remember(slot: number, a: number, b: number, words: Uint32Array, at: number): void {
    const to = this.#count * ENTRY_WORDS;
    this.#entries[to] = a;
    this.#entries[to + 1] = b;
    for (let word = 0; word < GUID_WORDS; word += 1) this.#entries[to + 2 + word] = words[at + word]!;
    this.#slots[slot] = this.#count;
    this.#count += 1;
    if (this.#count * ENTRY_WORDS === this.#entries.length) this.#grow();
  }

  #slotOf(a: number, b: number): number {
    const mask = this.#slots.length - 1;
    let slot = mix(mix(HASH_SEED, a), b) & mask;
    for (let entry = this.#slots[slot]!; entry >= 0; entry = this.#slots[slot]!) {
      const at = entry * ENTRY_WORDS;
      if (this.#entries[at] === a && this.#entries[at + 1] === b) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const entries = new Int32Array(this.#entries.length * GROWTH);
    entries.set(this.#entries);
    this.#entries = entries;
    this.#slots = new Int32Array(this.#slots.length * GROWTH).fill(-1);
    for (let entry = 0; entry < this.#count; entry += 1) {
      const at = entry * ENTRY_WORDS;
      this.#slots[this.#slotOf(entries[at]!, entries[at + 1]!)] = entry;
    }
  }
}
