import { readGuid } from '../domain/guid-words.js';
import type { ContentHash } from './content-hash.js';
import { Examples } from './examples.js';

const GUID_WORDS = 4;
/** An entry: the hash, and the first session that has it. */
const ENTRY_WORDS = 2 + GUID_WORDS;
const FIRST_ENTRIES = 1024;
const MOST_ENTRIES = 2 ** 18;

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
    return this.#count === MOST_ENTRIES;
  }

  /** Sessions that all have the same contents. */
  get examples(): readonly string[] {
    return this.#examples.ids;
  }

  /** @param session The SessionId, as four words. */
  add({ a, b }: ContentHash, session: Uint32Array): void {
    const slot = this.#slotOf(a, b);
    const entry = this.#slots[slot]!;
    if (entry >= 0) this.#repeat(a, b, entry, session);
    else if (this.full) return;
    else this.#remember(slot, a, b, session);
    this.seen += 1;
  }

  #repeat(a: number, b: number, entry: number, session: Uint32Array): void {
    this.again += 1;
    const lowest = this.#exampleHash;
    if (a > lowest.a || (a === lowest.a && b > lowest.b)) return;
    if (a !== lowest.a || b !== lowest.b) {
      this.#exampleHash = { a, b };
      this.#examples = new Examples();
      this.#examples.add(readGuid(new Uint32Array(this.#entries.buffer), entry * ENTRY_WORDS + 2));
    }
    this.#examples.add(readGuid(session, 0));
  }

  #remember(slot: number, a: number, b: number, session: Uint32Array): void {
    const at = this.#count * ENTRY_WORDS;
    this.#entries[at] = a;
    this.#entries[at + 1] = b;
    for (let word = 0; word < GUID_WORDS; word += 1) this.#entries[at + 2 + word] = session[word]!;
    this.#slots[slot] = this.#count;
    this.#count += 1;
    if (this.#count * ENTRY_WORDS === this.#entries.length) this.#grow();
  }

  #slotOf(a: number, b: number): number {
    const mask = this.#slots.length - 1;
    let slot = a & mask;
    for (let entry = this.#slots[slot]!; entry >= 0; entry = this.#slots[slot]!) {
      const at = entry * ENTRY_WORDS;
      if (this.#entries[at] === a && this.#entries[at + 1] === b) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const entries = new Int32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let entry = 0; entry < this.#count; entry += 1) {
      const at = entry * ENTRY_WORDS;
      this.#slots[this.#slotOf(entries[at]!, entries[at + 1]!)] = entry;
    }
  }
}
