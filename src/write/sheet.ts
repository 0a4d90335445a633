import type { WritableEvent } from './writable.js';

/** What events are written on until there is enough to be handed on. */
export interface Sheet<Piece> {
  /** Whether it is time to take what was written. */
  readonly full: boolean;
  /** Writes an event by a way of its own; false where there is none: then its text is to be written. */
  event(event: WritableEvent, first: boolean): boolean;
  text(text: string): void;
  /** What was written since the last time. */
  take(): Piece;
}

const ENOUGH = 64 * 1024;

/** Collects text. */
export class TextSheet implements Sheet<string> {
  #text = '';

  get full(): boolean {
    return this.#text.length >= ENOUGH;
  }

  event(): boolean {
    return false;
  }

  text(text: string): void {
    this.#text += text;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
