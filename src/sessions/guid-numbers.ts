import { hashGuid, readGuid, sameGuid } from '../domain/guid-words.js';
import type { Interned } from './interned.js';

const FIRST_SLOTS = 256;
const GUID_WORDS = 4;

/** The numbers of interned GUIDs by their words, without making a text of each. */
export class GuidNumbers {
  readonly #interned: Interned<string>;
  readonly #upperCase: boolean;
  #keys = new Uint32Array((FIRST_SLOTS / 2) * GUID_WORDS);
  #numbers = new Int32Array(FIRST_SLOTS / 2);
  #slots = new Int32Array(FIRST_SLOTS).fill(-1);
  #count = 0;
  #last = -1;

  /** @param upperCase Whether the GUIDs are written in upper case, or in lower case. */
  constructor(interned: Interned<string>, upperCase = false) {
    this.#interned = interned;
    this.#upperCase = upperCase;
  }

  /** The number of a GUID; undefined where there is no room for another. */
  numberOf(words: Uint32Array, at: number): number | undefined {
    if (this.#last >= 0 && sameGuid(this.#keys, this.#last * GUID_WORDS, words, at)) {
      return this.#numbers[this.#last];
    }
    const slot = this.#slotOf(words, at);
    const known = this.#slots[slot]!;
    if (known >= 0) {
      this.#last = known;
      return this.#numbers[known];
    }
    const guid = readGuid(words, at);
    const number = this.#interned.numberOf(this.#upperCase ? guid.toUpperCase() : guid);
    if (number !== undefined) this.#remember(words, at, slot, number);
    return number;
  }

  #remember(words: Uint32Array, at: number, slot: number, number: number): void {
    for (let word = 0; word < GUID_WORDS; word += 1) {
      this.#keys[this.#count * GUID_WORDS + word] = words[at + word]!;
    }
    this.#numbers[this.#count] = number;
    this.#slots[slot] = this.#count;
    this.#last = this.#count;
    this.#count += 1;
    if (this.#count === this.#numbers.length) this.#grow();
  }

  #slotOf(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashGuid(words, at) & mask;
    for (let key = this.#slots[slot]!; key >= 0; key = this.#slots[slot]!) {
      if (sameGuid(this.#keys, key * GUID_WORDS, words, at)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const keys = new Uint32Array(this.#keys.length * 2);
    keys.set(this.#keys);
    const numbers = new Int32Array(this.#numbers.length * 2);
    numbers.set(this.#numbers);
    this.#keys = keys;
    this.#numbers = numbers;
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let key = 0; key < this.#count; key += 1) this.#slots[this.#slotOf(keys, key * GUID_WORDS)] = key;
  }
}
