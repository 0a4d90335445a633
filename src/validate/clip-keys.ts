import { textHash } from '../causes/content-hash.js';
import { readGuid, sameGuid } from '../domain/guid-words.js';

/** How many are kept, each in the place that its first word tells. */
const PLACES = 4096;

/** ClipIds in lower case with their hashes, of which those that repeat are made once. */
export class ClipKeys {
  readonly #words = new Uint32Array(4 * PLACES);
  readonly #keys: string[] = [];
  readonly #hashes = new Int32Array(PLACES);

  /** The place of the ClipId of four words, until the next is asked for. */
  placeOf(words: Uint32Array, at: number): number {
    const place = words[at]! % PLACES;
    if (this.#keys[place] !== undefined && sameGuid(this.#words, 4 * place, words, at)) return place;
    const key = readGuid(words, at);
    for (let word = 0; word < 4; word += 1) this.#words[4 * place + word] = words[at + word]!;
    this.#keys[place] = key;
    this.#hashes[place] = textHash(key);
    return place;
  }

  key(place: number): string {
    return this.#keys[place]!;
  }

  hash(place: number): number {
    return this.#hashes[place]!;
  }
}
