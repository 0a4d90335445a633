import { readGuid, sameGuid } from './guid-words.js';

/** How many are kept, each in a place that its words tell. */
const PLACES = 4096;

/** What belongs to GUIDs that come again and again: made once for each, until another one takes its place. */
export class GuidCache<V> {
  readonly #words = new Uint32Array(4 * PLACES);
  readonly #values: V[] = [];
  readonly #make: (guid: string) => V;

  /** @param make Makes what belongs to a GUID, in lower case; the same whenever it is asked. */
  constructor(make: (guid: string) => V) {
    this.#make = make;
  }

  /** What belongs to the GUID whose four words begin at `at`. */
  get(words: Uint32Array, at: number): V {
    // The last word too: of ids that somebody counted up, only that differs.
    const place = (words[at]! ^ words[at + 3]!) & (PLACES - 1);
    const known = this.#values[place];
    if (known !== undefined && sameGuid(this.#words, 4 * place, words, at)) return known;
    const value = this.#make(readGuid(words, at));
    for (let word = 0; word < 4; word += 1) this.#words[4 * place + word] = words[at + word]!;
    this.#values[place] = value;
    return value;
  }
}
