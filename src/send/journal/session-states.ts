import { MARK_BYTES } from './session-mark.js';

/** What a journal knows of a session. `unsent`: it was tried, and surely not counted. */
export const SESSION_STATES = ['unknown', 'delivered', 'ambiguous', 'refused', 'unsent'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

const WORDS = MARK_BYTES / 4;
const STATE_BITS = 0b111;
const FULLEST = 0.75;

/** The state of each session by its mark, in 12 bytes a slot: a table with open addressing, the state in the lowest bits of a mark. */
export class SessionStates {
  #capacity = 1024;
  #slots = new Uint32Array(this.#capacity * WORDS);
  #taken = 0;
  readonly #counts = new Float64Array(SESSION_STATES.length);
  readonly #mark = Buffer.alloc(MARK_BYTES);

  get(mark: string): SessionState {
    return SESSION_STATES[this.#slots[this.#slotOf(mark)]! & STATE_BITS]!;
  }

  set(mark: string, state: Exclude<SessionState, 'unknown'>): void {
    if (this.#taken >= this.#capacity * FULLEST) this.#grow();
    const slot = this.#slotOf(mark);
    const before = this.#slots[slot]! & STATE_BITS;
    const code = SESSION_STATES.indexOf(state);
    if (before === 0) {
      this.#taken += 1;
      this.#slots[slot + 1] = this.#mark.readUInt32LE(4);
      this.#slots[slot + 2] = this.#mark.readUInt32LE(8);
    } else this.#counts[before]! -= 1;
    this.#counts[code]! += 1;
    this.#slots[slot] = (this.#mark.readUInt32LE(0) & ~STATE_BITS) | code;
  }

  /** How many sessions are in a state. */
  count(state: SessionState): number {
    return this.#counts[SESSION_STATES.indexOf(state)]!;
  }

  #slotOf(mark: string): number {
    this.#mark.write(mark, 'base64url');
    const [a, b, c] = [this.#mark.readUInt32LE(0), this.#mark.readUInt32LE(4), this.#mark.readUInt32LE(8)];
    return this.#find(this.#slots, this.#capacity, (a & ~STATE_BITS) >>> 0, b, c);
  }

  /** The slot that holds a mark, or the free one where it belongs. */
  #find(slots: Uint32Array, capacity: number, a: number, b: number, c: number): number {
    for (let index = b & (capacity - 1); ; index = (index + 1) & (capacity - 1)) {
      const slot = index * WORDS;
      const first = slots[slot]!;
      if ((first & STATE_BITS) === 0) return slot;
      if ((first & ~STATE_BITS) >>> 0 === a && slots[slot + 1] === b && slots[slot + 2] === c) return slot;
    }
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    const slots = new Uint32Array(capacity * WORDS);
    for (let from = 0; from < this.#slots.length; from += WORDS) {
      const first = this.#slots[from]!;
      if ((first & STATE_BITS) === 0) continue;
      const [b, c] = [this.#slots[from + 1]!, this.#slots[from + 2]!];
      const slot = this.#find(slots, capacity, (first & ~STATE_BITS) >>> 0, b, c);
      slots.set([first, b, c], slot);
    }
    this.#capacity = capacity;
    this.#slots = slots;
  }
}
