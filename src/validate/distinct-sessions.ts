import { wideHash, WIDER, writeGuid } from '../domain/guid.js';

/** Up to how many are counted exactly. */
const MOST = 2 ** 17;
const HASHES = 2 ** 32;

/**
 * Counts different SessionIds in bounded memory: exactly as long as they are few; of more, those whose hash falls into a share of all
 * hashes that is halved as often as it takes, which tells how many there are to about 0.3 %.
 */
export class DistinctSessions {
  readonly #most: number;
  readonly #words = new Uint32Array(4);
  readonly #seen = new Set<number>();
  #halved = 0;
  #last: string | null = null;

  constructor(most = MOST) {
    this.#most = most;
  }

  /** @param sessionId A GUID, in either letter case. */
  add(sessionId: string): void {
    if (sessionId === this.#last) return;
    this.#last = sessionId;
    writeGuid(sessionId, this.#words, 0);
    const key = wideHash(this.#words, 0);
    if (!this.#counts(key)) return;
    this.#seen.add(key);
    if (this.#seen.size > this.#most) this.#halve();
  }

  get count(): number {
    return this.#seen.size * 2 ** this.#halved;
  }

  /** Whether that is the very number. */
  get exact(): boolean {
    return this.#halved === 0;
  }

  #halve(): void {
    this.#halved += 1;
    for (const key of this.#seen) if (!this.#counts(key)) this.#seen.delete(key);
  }

  #counts(key: number): boolean {
    return key < (HASHES / 2 ** this.#halved) * WIDER;
  }
}
