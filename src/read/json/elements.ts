import { isUtf8 } from 'node:buffer';
import type { TextPosition } from '../../domain/place.js';
import { MAX_NESTING, MAX_VALUE_BYTES } from '../limits.js';
import { ParseAhead } from '../scan/bytes.js';
import type { JsonFault } from './text.js';

const [QUOTE, BACKSLASH, COMMA, ARRAY, ARRAY_END, OBJECT, OBJECT_END] = Array.from('"\\,[]{}', (char) =>
  char.charCodeAt(0),
) as [number, number, number, number, number, number, number];
const NEWLINE = 0x0a;
const BLANKS = [0x20, 0x09, NEWLINE, 0x0d];
/** Bytes from this value up are parts of characters that take several bytes. */
const BEYOND_ASCII = 0x80;

/** The bytes that matter inside an element, and the bytes that matter inside one of its strings. */
const MATTERS = new Uint8Array(256).fill(1, BEYOND_ASCII);
const MATTERS_IN_QUOTES = new Uint8Array(256).fill(1, BEYOND_ASCII);
for (const byte of [QUOTE, BACKSLASH, COMMA, ARRAY, ARRAY_END, OBJECT, OBJECT_END, ...BLANKS]) {
  MATTERS[byte] = 1;
}
for (const byte of [QUOTE, BACKSLASH, NEWLINE]) MATTERS_IN_QUOTES[byte] = 1;

/** The text of one element of the document's array, or of the whole document where it is not an array. */
export interface JsonElement {
  /** Null where the bytes are not UTF-8. */
  readonly text: string | null;
  readonly start: TextPosition;
  /** The element's index in the array; null for the whole document. */
  readonly index: number | null;
}

/** The fast path: reads whole elements from the bytes where it can, so that they need not be cut out and parsed. */
export interface ElementTaker {
  /** Starts with other bytes. */
  begin(bytes: Uint8Array): void;
  /** Reads the element that begins at `start`. Returns where the bytes after it begin; -1 where it cannot read the element. */
  take(start: number, line: number, lineStart: number, element: number): number;
  /** The line in which the last element that it read ends, and where that line begins. */
  readonly line: number;
  readonly lineStart: number;
}

type State = 'before' | 'element-due' | 'in-element' | 'after-element' | 'in-document' | 'after';

/**
 * Cuts a JSON document into the elements of its array as the bytes arrive, so that an array of any size is read in
 * bounded memory. Checks the grammar only between the elements: the parser checks the elements.
 */
export class JsonElements {
  #state: State = 'before';
  #first = true;
  #index = 0;
  #depth = 0;
  #quoted = false;
  #escaped = false;
  /** Whether the current element is all ASCII so far. */
  #ascii = true;
  #line = 1;
  /** Where in the chunk the current line would begin if its characters took one byte per UTF-16 unit. */
  #lineStart = 0;
  /** How far the chunk has been read. */
  #at = 0;
  #start: TextPosition = { line: 1, column: 1 };
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  #fault: JsonFault | null = null;
  readonly #taker: ElementTaker | null;
  readonly #parseAhead = new ParseAhead();
  /** How many elements in a row the taker read, and how many of the next elements are parsed without a try. */
  #taken = 0;
  #toParse = 0;

  constructor(taker: ElementTaker | null = null) {
    this.#taker = taker;
  }

  /** The fault at which the document cannot be read further; null while there is no fault. */
  get fault(): JsonFault | null {
    return this.#fault;
  }

  /** The place up to which the document was read. */
  get position(): TextPosition {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  /** Yields the elements that a chunk completes, without those that the taker read. */
  *take(chunk: Buffer): Generator<JsonElement> {
    this.#taker?.begin(chunk);
    this.#at = 0;
    let from = 0;
    while (this.#at < chunk.length && !this.#fault) {
      if (this.#state === 'in-document') this.#passDocument(chunk);
      else if (this.#state === 'in-element') {
        if (this.#passElement(chunk)) yield this.#cut(chunk, from);
      } else {
        from = this.#at;
        this.#between(chunk);
      }
    }
    if (this.#holding && !this.#fault) this.#keep(chunk.subarray(from));
    this.#lineStart -= this.#at;
    this.#at = 0;
  }

  /** Ends the input: yields the document if it is not an array, or reports that the array is cut off. */
  *end(): Generator<JsonElement> {
    if (this.#fault) return;
    if (this.#state === 'in-document') yield this.#cut(Buffer.alloc(0), 0);
    else if (this.#state !== 'before' && this.#state !== 'after') {
      this.#fail('the rest of the JSON array, closed with ]', 'the end');
    }
  }

  get #holding(): boolean {
    return this.#state === 'in-element' || this.#state === 'in-document';
  }

  /** Moves over a byte between elements, over an element that the taker reads, or to the beginning of another element. */
  #between(chunk: Buffer): void {
    const byte = chunk[this.#at]!;
    if (!BLANKS.includes(byte)) {
      if (this.#begins(byte)) {
        if (this.#state === 'in-element' && byte === OBJECT) this.#offerToTaker();
        return;
      }
    }
    if (!this.#fault) this.#pass(byte);
  }

  /** Whether an element, or the document, begins with this byte. If not, changes the state by the byte's meaning in the array. */
  #begins(byte: number): boolean {
    switch (this.#state) {
      case 'before':
        this.#start = this.position;
        this.#state = byte === ARRAY ? 'element-due' : 'in-document';
        return byte !== ARRAY;
      case 'element-due':
        if (byte === ARRAY_END && this.#first) {
          this.#state = 'after';
        } else if (byte === COMMA || byte === ARRAY_END || byte === OBJECT_END) {
          this.#fail('an element', JSON.stringify(String.fromCharCode(byte)));
        } else {
          this.#start = this.position;
          this.#state = 'in-element';
          this.#first = false;
          return true;
        }
        return false;
      case 'after-element':
        if (byte === COMMA) this.#state = 'element-due';
        else if (byte === ARRAY_END) this.#state = 'after';
        else this.#fail('a comma or ]', 'other text');
        return false;
      default:
        this.#fail('the end after the JSON array', 'more');
        return false;
    }
  }

  #offerToTaker(): void {
    const taker = this.#taker;
    if (!taker) return;
    this.#toParse -= 1;
    if (this.#toParse > 0) return;
    const end = taker.take(this.#at, this.#line, this.#lineStart, this.#index);
    if (end < 0) {
      this.#toParse = this.#parseAhead.lines(this.#taken);
      this.#taken = 0;
      return;
    }
    this.#taken += 1;
    this.#index += 1;
    this.#line = taker.line;
    this.#lineStart = taker.lineStart;
    this.#at = end;
    this.#state = 'after-element';
  }

  /** Moves to the end of the current element, or of the chunk. Returns whether it reached the element's end. */
  #passElement(chunk: Buffer): boolean {
    if (this.#escaped) {
      this.#escaped = false;
      if (chunk[this.#at] === QUOTE || chunk[this.#at] === BACKSLASH) this.#at += 1;
    }
    for (; this.#at < chunk.length; this.#at += 1) {
      this.#at = nextThatMatters(chunk, this.#at, this.#quoted);
      if (this.#at === chunk.length) return false;
      const byte = chunk[this.#at]!;
      if (byte === NEWLINE || byte >= BEYOND_ASCII) {
        if (this.#quoted || this.#depth > 0 || byte !== NEWLINE) this.#count(byte);
        else return this.#ends();
      } else if (byte === QUOTE) {
        this.#quoted = !this.#quoted;
        if (!this.#quoted && this.#depth === 0) return this.#endsWith();
      } else if (this.#quoted) {
        if (byte === BACKSLASH) this.#passEscape(chunk);
      } else if (byte === OBJECT || byte === ARRAY) {
        this.#depth += 1;
        if (this.#depth >= MAX_NESTING) {
          this.#fail(`at most ${MAX_NESTING} levels of nesting`, 'a deeper value');
          return false;
        }
      } else if (this.#depth === 0) {
        if (byte !== BACKSLASH && byte !== OBJECT_END) return this.#ends();
      } else if (byte === OBJECT_END || byte === ARRAY_END) {
        this.#depth -= 1;
        if (this.#depth === 0) return this.#endsWith();
      }
    }
    return false;
  }

  /**
   * Moves to the character after a backslash if it is a quote or a backslash, so that it is not read as a quote or
   * another escape.
   */
  #passEscape(chunk: Buffer): void {
    const next = chunk[this.#at + 1];
    if (next === undefined) this.#escaped = true;
    else if (next === QUOTE || next === BACKSLASH) this.#at += 1;
  }

  /** The element ends before the current byte. */
  #ends(): true {
    this.#state = 'after-element';
    return true;
  }

  /** The element ends with the current byte. */
  #endsWith(): true {
    this.#at += 1;
    return this.#ends();
  }

  #passDocument(chunk: Buffer): void {
    for (; this.#at < chunk.length; this.#at += 1) this.#count(chunk[this.#at]!);
  }

  #pass(byte: number): void {
    this.#count(byte);
    this.#at += 1;
  }

  /** Counts lines and columns. */
  #count(byte: number): void {
    if (byte === NEWLINE) {
      this.#line += 1;
      this.#lineStart = this.#at + 1;
    } else if (byte >= BEYOND_ASCII) {
      this.#ascii = false;
      if ((byte & 0xc0) === 0x80) this.#lineStart += 1;
      else if (byte >= 0xf0) this.#lineStart -= 1;
    }
  }

  /** The element that ends in a chunk. @param from Where its last part begins in the chunk. */
  #cut(chunk: Buffer, from: number): JsonElement {
    const index = this.#state === 'in-document' ? null : this.#index;
    const text =
      this.#ascii && this.#parts.length === 0
        ? chunk.toString('latin1', from, this.#at)
        : textOf(Buffer.concat([...this.#parts, chunk.subarray(from, this.#at)]));
    this.#index += 1;
    this.#ascii = true;
    this.#parts = [];
    this.#partBytes = 0;
    return { text, start: this.#start, index };
  }

  #keep(part: Buffer): void {
    this.#partBytes += part.length;
    // A copy, because the chunk's memory is reused.
    this.#parts.push(Buffer.from(part));
    if (this.#partBytes > MAX_VALUE_BYTES) {
      this.#fail(`a value of at most ${MAX_VALUE_BYTES / 1024 / 1024} MiB`, 'a larger one');
    }
  }

  #fail(expected: string, received: string): void {
    this.#fault ??= { ...this.position, expected, received };
    this.#parts = [];
  }
}

function textOf(bytes: Buffer): string | null {
  return isUtf8(bytes) ? bytes.toString() : null;
}

/** The index of the next byte that matters inside an element; the chunk's end if there is none. */
function nextThatMatters(chunk: Buffer, from: number, quoted: boolean): number {
  const matters = quoted ? MATTERS_IN_QUOTES : MATTERS;
  let at = from;
  while (at < chunk.length && matters[chunk[at]!] === 0) at += 1;
  return at;
}
