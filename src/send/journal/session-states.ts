import { firstWord } from '../../sessions/key-slots.js';
import { KeyTable } from '../../sessions/key-table.js';
import { type MemoryBudget, memoryBudget } from '../../sessions/memory.js';
import { MARK_BYTES } from './session-mark.js';

/** What a journal knows of a session. `unsent`: it was tried, and surely not counted. */
export const SESSION_STATES = ['unknown', 'delivered', 'ambiguous', 'refused', 'unsent'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** The state of each session by its mark, in 21 to 43 bytes each: in memory up to a budget, on disk beyond it. */
export class SessionStates {
  readonly #states: KeyTable;
  readonly #counts = new Float64Array(SESSION_STATES.length);
  /** The mark that is looked up: as words, and the same as bytes. */
  readonly #key = new Uint32Array(MARK_BYTES / Uint32Array.BYTES_PER_ELEMENT);
  readonly #mark = Buffer.from(this.#key.buffer);

  constructor(memory: MemoryBudget = memoryBudget()) {
    this.#states = new KeyTable({ keyWords: this.#key.length, valueWords: 1, hash: firstWord }, memory);
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#states.heldBytes;
  }

  get(mark: string): SessionState {
    if (this.#states.size === 0) return 'unknown';
    this.#mark.write(mark, 'base64url');
    const at = this.#states.find(this.#key, 0);
    return at < 0 ? 'unknown' : SESSION_STATES[this.#states.words[at]!]!;
  }

  /** @throws UserError of kind `output` where the disk cannot hold it */
  set(mark: string, state: Exclude<SessionState, 'unknown'>): void {
    this.#mark.write(mark, 'base64url');
    const at = this.#states.place(this.#key, 0);
    const before = this.#states.words[at]!;
    const code = SESSION_STATES.indexOf(state);
    if (before !== 0) this.#counts[before]! -= 1;
    this.#counts[code]! += 1;
    this.#states.words[at] = code;
  }

  /** How many sessions are in a state. */
  count(state: SessionState): number {
    return this.#counts[SESSION_STATES.indexOf(state)]!;
  }

  /** Lets go of the temporary file. */
  close(): void {
    this.#states.close();
  }
}
