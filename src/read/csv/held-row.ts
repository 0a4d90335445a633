import { MAX_LINE_BYTES } from '../limits.js';

/** What has been read of a row whose end is yet to come; past the limit nothing of it is kept. */
export class HeldRow {
  #pieces: string[] = [];
  #bytes = 0;
  /** Its last character so far; empty where it has none. */
  last = '';

  add(piece: string): void {
    if (piece === '') return;
    this.last = piece.at(-1)!;
    this.#bytes += Buffer.byteLength(piece);
    if (this.#bytes > MAX_LINE_BYTES) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  /** The whole row, which `tail` ends; null where it is too long. Nothing is held after. */
  finish(tail: string): string | null {
    if (this.last === '')
      return tail.length * 3 > MAX_LINE_BYTES && Buffer.byteLength(tail) > MAX_LINE_BYTES ? null : tail;
    this.add(tail);
    const text = this.#bytes > MAX_LINE_BYTES ? null : this.#pieces.join('');
    this.#pieces = [];
    this.#bytes = 0;
    this.last = '';
    return text;
  }

  /** The text so far; empty where it is too long. */
  get text(): string {
    return this.#pieces.join('');
  }
}
