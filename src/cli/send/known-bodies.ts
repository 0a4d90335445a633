import { hash } from 'node:crypto';
import { firstWord } from '../../sessions/key-slots.js';
import { KeyTable } from '../../sessions/key-table.js';
import { type MemoryBudget, memoryBudget } from '../../sessions/memory.js';

const DIGEST_WORDS = 4;

/** Bodies by 128 bits of their digests, in 27 to 53 bytes each: in memory up to a budget, on disk beyond it. */
export class KnownBodies {
  readonly #known: KeyTable;
  readonly #key = new Uint32Array(DIGEST_WORDS);
  readonly #digest = Buffer.from(this.#key.buffer);

  constructor(memory: MemoryBudget = memoryBudget()) {
    this.#known = new KeyTable({ keyWords: DIGEST_WORDS, valueWords: 1, hash: firstWord }, memory);
  }

  /** Whether a body was not known yet; it is from now on. @throws UserError of kind `output` where the disk cannot hold it */
  add(body: string | Buffer): boolean {
    hash('sha1', body, 'buffer').copy(this.#digest);
    const at = this.#known.place(this.#key, 0);
    const known = this.#known.words[at] !== 0;
    this.#known.words[at] = 1;
    return !known;
  }

  /** Lets go of the temporary file. */
  close(): void {
    this.#known.close();
  }
}
