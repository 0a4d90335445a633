import { sameGuid, wideHash } from '../domain/guid-words.js';

/** What a request holds of a session, as far as it tells of plays. */
export interface Part {
  /** In lower case; null where it is not well formed. */
  readonly clip: string | null;
  /** Unix seconds. */
  readonly first: number;
  readonly last: number;
  readonly beginsWithStart: boolean;
  readonly beginsAtBeginning: boolean;
  /** Whether it is 30 s or more into the clip somewhere. */
  readonly underway: boolean;
}

const MOST = 16_384;
const FLAG = { beginsWithStart: 1, beginsAtBeginning: 2, underway: 4, shown: 8 } as const;

/** The first parts of the newest sessions, each of which is added once. In columns: of most sessions no second part ever comes. */
export class FirstParts {
  readonly #hashes = new Float64Array(MOST).fill(-1);
  readonly #keys = new Uint32Array(4 * MOST);
  readonly #clips: (string | null)[] = [];
  readonly #times = new Float64Array(2 * MOST);
  readonly #flags = new Uint8Array(MOST);
  #added = 0;

  /**
   * @param key The SessionId as four words.
   * @param shown Whether it was seen that the session goes on with another play.
   */
  add(key: Uint32Array, part: Part, shown: boolean): void {
    const at = this.#added % MOST;
    this.#added += 1;
    this.#hashes[at] = wideHash(key, 0);
    for (let word = 0; word < 4; word += 1) this.#keys[4 * at + word] = key[word]!;
    this.#clips[at] = part.clip;
    this.#times[2 * at] = part.first;
    this.#times[2 * at + 1] = part.last;
    this.#flags[at] =
      (part.beginsWithStart ? FLAG.beginsWithStart : 0) |
      (part.beginsAtBeginning ? FLAG.beginsAtBeginning : 0) |
      (part.underway ? FLAG.underway : 0) |
      (shown ? FLAG.shown : 0);
  }

  /** Where the first part of a session stands, until another is added; -1 where it is not remembered, or was shown. */
  find(key: Uint32Array): number {
    const at = this.#hashes.indexOf(wideHash(key, 0));
    if (at < 0 || !sameGuid(this.#keys, 4 * at, key, 0)) return -1;
    return (this.#flags[at]! & FLAG.shown) === 0 ? at : -1;
  }

  at(place: number): Part {
    const flags = this.#flags[place]!;
    return {
      clip: this.#clips[place]!,
      first: this.#times[2 * place]!,
      last: this.#times[2 * place + 1]!,
      beginsWithStart: (flags & FLAG.beginsWithStart) !== 0,
      beginsAtBeginning: (flags & FLAG.beginsAtBeginning) !== 0,
      underway: (flags & FLAG.underway) !== 0,
    };
  }

  /** Notes that the session of a place was shown. */
  show(place: number): void {
    this.#flags[place]! |= FLAG.shown;
  }
}
