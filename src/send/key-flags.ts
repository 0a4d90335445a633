import { GuidTable } from '../sessions/guid-table.js';

const FIRST_KEYS = 1024;

/** What is to be remembered of some sessions by their SessionIds: up to eight flags each, in about 40 bytes. */
export class KeyFlags {
  readonly #keys = new GuidTable();
  #flags = new Uint8Array(FIRST_KEYS);

  /** Sets flags of a session; whether one of them is new. */
  add(key: string, flags: number): boolean {
    const at = this.#keys.add(key);
    if (at === this.#flags.length) {
      const grown = new Uint8Array(this.#flags.length * 2);
      grown.set(this.#flags);
      this.#flags = grown;
    }
    const before = this.#flags[at]!;
    this.#flags[at] = before | flags;
    return this.#flags[at] !== before;
  }

  /** Whether a session has any of these flags. */
  has(key: string, flags: number): boolean {
    if (this.#keys.size === 0) return false;
    const at = this.#keys.find(key);
    return at >= 0 && (this.#flags[at]! & flags) !== 0;
  }

  /** How many sessions have exactly `those` of `among`. */
  count(those: number, among: number): number {
    let count = 0;
    for (let at = 0; at < this.#keys.size; at += 1) if ((this.#flags[at]! & among) === those) count += 1;
    return count;
  }
}
