import { GuidTable } from './guid-table.js';

/** A fingerprint's first bytes that are kept: 16. */
export const PRINT_BYTES = 16;

const FIRST_PRINTS = 1024;

/** Remembers a fingerprint for every session that was seen, in 40 to 80 bytes each. */
export class SeenSessions {
  readonly #keys = new GuidTable();
  #prints = new Uint8Array(FIRST_PRINTS * PRINT_BYTES);

  get size(): number {
    return this.#keys.size;
  }

  /** The fingerprint of a session; undefined where none was remembered. */
  get(sessionKey: string): Uint8Array | undefined {
    const at = this.#keys.find(sessionKey) * PRINT_BYTES;
    return at < 0 ? undefined : this.#prints.subarray(at, at + PRINT_BYTES);
  }

  /** Remembers the fingerprint of a session that has none yet. */
  add(sessionKey: string, print: Uint8Array): void {
    const at = this.#keys.add(sessionKey) * PRINT_BYTES;
    if (at === this.#prints.length) {
      const grown = new Uint8Array(this.#prints.length * 2);
      grown.set(this.#prints);
      this.#prints = grown;
    }
    this.#prints.set(print.subarray(0, PRINT_BYTES), at);
  }
}
