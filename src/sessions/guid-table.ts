import { hashGuid, sameGuid } from '../domain/guid-words.js';

const GUID_WORDS = 4;
const FIRST_GUIDS = 1024;

/** Numbers GUIDs from 0, in 24 to 48 bytes each. */
export class GuidTable {
  #guids = new Uint32Array(FIRST_GUIDS * GUID_WORDS);
  #slots = new Int32Array(FIRST_GUIDS * 2).fill(-1);
  #count = 0;

  /** The number of the GUID of four words; -1 where it was never added. */
  find(words: Uint32Array, at: number): number {
    return this.#slots[this.#slotOf(words, at)]!;
  }

  /** The number of the GUID of four words, the next free one where it is new. */
  add(words: Uint32Array, at: number): number {
    const known = this.find(words, at);
    if (known >= 0) return known;
    if (this.#count * GUID_WORDS === this.#guids.length) this.#grow();
    for (let word = 0; word < GUID_WORDS; word += 1) {
      this.#guids[this.#count * GUID_WORDS + word] = words[at + word]!;
    }
    this.#slots[this.#slotOf(words, at)] = this.#count;
    this.#count += 1;
    return this.#count - 1;
  }

  #slotOf(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashGuid(words, at) & mask;
    for (let guid = this.#slots[slot]!; guid >= 0; guid = this.#slots[slot]!) {
      if (sameGuid(this.#guids, guid * GUID_WORDS, words, at)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const guids = new Uint32Array(this.#guids.length * 2);
    guids.set(this.#guids);
    this.#guids = guids;
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let guid = 0; guid < this.#count; guid += 1)
      this.#slots[this.#slotOf(guids, guid * GUID_WORDS)] = guid;
  }
}
