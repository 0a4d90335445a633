import { hashGuid, sameGuid, writeGuid } from '../domain/guid-words.js';

const GUID_WORDS = 4;
const PRINT_WORDS = 4;
const ENTRY_WORDS = GUID_WORDS + PRINT_WORDS;
const FIRST_ENTRIES = 1024;

/** A fingerprint's first bytes that are kept: 16. */
export const PRINT_BYTES = PRINT_WORDS * 4;

/** Remembers a fingerprint for every session that was seen, in 40 to 80 bytes each. */
export class SeenSessions {
  #entries = new Uint32Array(FIRST_ENTRIES * ENTRY_WORDS);
  #slots = new Int32Array(FIRST_ENTRIES * 2).fill(-1);
  #count = 0;
  readonly #key = new Uint32Array(GUID_WORDS);

  get size(): number {
    return this.#count;
  }

  /** The fingerprint of a session; undefined where none was remembered. */
  get(sessionKey: string): Uint8Array | undefined {
    writeGuid(sessionKey, this.#key, 0);
    const entry = this.#slots[this.#slotOf(this.#key, 0)]!;
    if (entry < 0) return undefined;
    const at = (entry * ENTRY_WORDS + GUID_WORDS) * 4;
    return new Uint8Array(this.#entries.buffer, at, PRINT_BYTES);
  }

  /** Remembers the fingerprint of a session that has none yet. */
  add(sessionKey: string, print: Uint8Array): void {
    if (this.#count * ENTRY_WORDS === this.#entries.length) this.#grow();
    const at = this.#count * ENTRY_WORDS;
    writeGuid(sessionKey, this.#entries, at);
    new Uint8Array(this.#entries.buffer, (at + GUID_WORDS) * 4).set(print.subarray(0, PRINT_BYTES));
    this.#slots[this.#slotOf(this.#entries, at)] = this.#count;
    this.#count += 1;
  }

  #slotOf(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashGuid(words, at) & mask;
    for (let entry = this.#slots[slot]!; entry >= 0; entry = this.#slots[slot]!) {
      if (sameGuid(this.#entries, entry * ENTRY_WORDS, words, at)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const entries = new Uint32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let entry = 0; entry < this.#count; entry += 1) {
      this.#slots[this.#slotOf(entries, entry * ENTRY_WORDS)] = entry;
    }
  }
}
