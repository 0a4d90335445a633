import type { TextPosition } from '../domain/place.js';
import type { JsonFault } from './json-text.js';
import { MAX_NESTING, MAX_VALUE_BYTES } from './limits.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const COMMA = 0x2c;
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);
const ARRAY_OPEN = 0x5b;
const ARRAY_CLOSE = 0x5d;
const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** The text of one element of the document's array, or of the document where it is no array. */
export interface JsonElement {
  readonly bytes: Buffer;
  readonly start: TextPosition;
  /** `/3` for an element, empty for the whole document. */
  readonly pointer: string;
}

type State = 'before' | 'element-due' | 'in-element' | 'after-element' | 'in-document' | 'after';

/**
 * Cuts a JSON document into the elements of its array as the bytes arrive, so that an array of any size is read in bounded memory. Checks
 * the grammar between the elements only: what is in them is for the parser.
 */
export class JsonElements {
  #state: State = 'before';
  #first = true;
  #index = 0;
  #depth = 0;
  #quoted = false;
  #escaped = false;
  #line = 1;
  #column = 1;
  #start: TextPosition = { line: 1, column: 1 };
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #fault: JsonFault | null = null;

  /** What breaks the document, once something does; nothing more is taken then. */
  get fault(): JsonFault | null {
    return this.#fault;
  }

  /** Where reading has come to. */
  get position(): TextPosition {
    return { line: this.#line, column: this.#column };
  }

  *take(chunk: Uint8Array): Generator<JsonElement> {
    let from = this.#holding ? 0 : -1;
    for (let i = 0; i < chunk.length && !this.#fault; i += 1) {
      const byte = chunk[i]!;
      const held = this.#holding;
      const ends = this.#step(byte);
      if (!held && this.#holding) from = i;
      if (ends) {
        yield this.#cut(chunk.subarray(from, i + (ends === 'after' ? 1 : 0)));
        from = -1;
      }
      this.#advance(byte);
    }
    if (this.#holding && from >= 0 && !this.#fault) this.#keep(chunk.subarray(from));
  }

  /** The end of the input: gives the document where it is no array, or tells that it breaks off. */
  *end(): Generator<JsonElement> {
    if (this.#fault) return;
    if (this.#state === 'in-document') yield this.#cut(new Uint8Array(0));
    else if (this.#state !== 'before' && this.#state !== 'after') {
      this.#fail('the rest of the JSON array, closed with ]', 'the end');
    }
  }

  get #holding(): boolean {
    return this.#state === 'in-element' || this.#state === 'in-document';
  }

  /** Moves over one byte; tells where an element ends: before this byte, or after it. */
  #step(byte: number): 'before' | 'after' | undefined {
    switch (this.#state) {
      case 'before':
        if (BLANK.has(byte)) return;
        this.#start = this.position;
        this.#state = byte === ARRAY_OPEN ? 'element-due' : 'in-document';
        return;
      case 'element-due':
        if (BLANK.has(byte)) return;
        if (byte === ARRAY_CLOSE && this.#first) {
          this.#state = 'after';
        } else if (byte === COMMA || CLOSE.has(byte)) {
          this.#fail('an element', JSON.stringify(String.fromCharCode(byte)));
        } else {
          this.#start = this.position;
          this.#state = 'in-element';
          this.#first = false;
          return this.#inElement(byte);
        }
        return;
      case 'in-element':
        return this.#inElement(byte);
      case 'after-element':
        if (BLANK.has(byte)) return;
        if (byte === COMMA) this.#state = 'element-due';
        else if (byte === ARRAY_CLOSE) this.#state = 'after';
        else this.#fail('a comma or ]', 'something else');
        return;
      case 'after':
        if (!BLANK.has(byte)) this.#fail('the end after the JSON array', 'more');
        return;
      case 'in-document':
        return;
    }
  }

  #inElement(byte: number): 'before' | 'after' | undefined {
    if (this.#quoted) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#quoted = false;
        if (this.#depth === 0) return this.#ends('after', 'after-element');
      }
      return;
    }
    if (byte === QUOTE) this.#quoted = true;
    else if (OPEN.has(byte)) {
      this.#depth += 1;
      if (this.#depth >= MAX_NESTING) this.#fail(`at most ${MAX_NESTING} levels of nesting`, 'a deeper one');
    } else if (CLOSE.has(byte) && this.#depth > 0) {
      this.#depth -= 1;
      if (this.#depth === 0) return this.#ends('after', 'after-element');
    } else if (this.#depth === 0 && (byte === COMMA || byte === ARRAY_CLOSE || BLANK.has(byte))) {
      const next = byte === COMMA ? 'element-due' : byte === ARRAY_CLOSE ? 'after' : 'after-element';
      return this.#ends('before', next);
    }
    return;
  }

  #ends(where: 'before' | 'after', next: State): 'before' | 'after' {
    this.#state = next;
    return where;
  }

  #cut(last: Uint8Array): JsonElement {
    const pointer = this.#state === 'in-document' ? '' : `/${this.#index}`;
    const bytes = Buffer.concat([...this.#parts, last]);
    this.#index += 1;
    this.#parts = [];
    this.#partBytes = 0;
    return { bytes, start: this.#start, pointer };
  }

  #keep(part: Uint8Array): void {
    this.#partBytes += part.length;
    this.#parts.push(part);
    if (this.#partBytes > MAX_VALUE_BYTES) {
      this.#fail(`a value of at most ${MAX_VALUE_BYTES / 1024 / 1024} MiB`, 'a larger one');
    }
  }

  #fail(expected: string, received: string): void {
    this.#fault ??= { ...this.position, expected, received };
    this.#parts = [];
  }

  #advance(byte: number): void {
    if (byte === NEWLINE) {
      this.#line += 1;
      this.#column = 1;
    } else if ((byte & 0xc0) !== 0x80) this.#column += byte >= 0xf0 ? 2 : 1;
  }
}
