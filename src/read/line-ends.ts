const FEED = 0x0a;
const RETURN = 0x0d;

/** Cuts bytes at the ends of lines. A line of JSON ends with LF; one of CSV with LF, CR, or both. */
export class LineEnds {
  readonly #returns: boolean;
  /** The last byte was a CR that ended a line: an LF belongs to it. */
  #pending = false;
  #nextReturn = -1;

  constructor(csv: boolean) {
    this.#returns = csv;
  }

  /** Begins with a chunk; gives where its first line begins. */
  begin(chunk: Uint8Array): number {
    this.#nextReturn = -1;
    const from = this.#pending && chunk[0] === FEED ? 1 : 0;
    this.#pending = false;
    return from;
  }

  /** Where the line that `from` stands in ends; -1 where that is not in this chunk. */
  endOf(chunk: Uint8Array, from: number): number {
    const feed = chunk.indexOf(FEED, from);
    if (!this.#returns) return feed;
    if (this.#nextReturn < from) this.#nextReturn = position(chunk.indexOf(RETURN, from));
    return feed < 0 || this.#nextReturn < feed ? given(this.#nextReturn) : feed;
  }

  /** Where the line after the one that ends at `end` begins. */
  after(chunk: Uint8Array, end: number): number {
    if (!this.#returns || chunk[end] !== RETURN) return end + 1;
    this.#pending = end + 1 === chunk.length;
    return chunk[end + 1] === FEED ? end + 2 : end + 1;
  }
}

function position(index: number): number {
  return index < 0 ? Number.POSITIVE_INFINITY : index;
}

function given(at: number): number {
  return at === Number.POSITIVE_INFINITY ? -1 : at;
}
