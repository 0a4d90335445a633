import { readGuid, sameGuid } from '../domain/guid-words.js';
import { GuidTable } from './guid-table.js';
import type { Interned } from './interned.js';

/** The numbers of interned GUIDs by their words, without making a text of each. */
export class GuidNumbers {
  readonly #interned: Interned<string>;
  readonly #upperCase: boolean;
  readonly #guids = new GuidTable();
  /** By the numbers that the GUIDs have in the table. */
  readonly #numbers: number[] = [];
  /** The last GUID that was asked for, and its number: the next is often the same. */
  readonly #last = new Uint32Array(4);
  #lastNumber: number | undefined;

  /** @param upperCase Whether the GUIDs are written in upper case, or in lower case. */
  constructor(interned: Interned<string>, upperCase = false) {
    this.#interned = interned;
    this.#upperCase = upperCase;
  }

  /** The number of a GUID; undefined where there is no room for another. */
  numberOf(words: Uint32Array, at: number): number | undefined {
    if (this.#lastNumber !== undefined && sameGuid(this.#last, 0, words, at)) return this.#lastNumber;
    const known = this.#guids.find(words, at);
    const number = known >= 0 ? this.#numbers[known] : this.#intern(words, at);
    if (number === undefined) return undefined;
    for (let word = 0; word < 4; word += 1) this.#last[word] = words[at + word]!;
    this.#lastNumber = number;
    return number;
  }

  #intern(words: Uint32Array, at: number): number | undefined {
    const guid = readGuid(words, at);
    const number = this.#interned.numberOf(this.#upperCase ? guid.toUpperCase() : guid);
    if (number !== undefined) this.#numbers[this.#guids.add(words, at)] = number;
    return number;
  }
}
