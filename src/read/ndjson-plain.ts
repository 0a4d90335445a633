import type { PlainEvents } from '../domain/plain-events.js';
import { EVENT_FIELDS } from '../wire/event.js';
import { afterSpace, CLOSE, COLON, COMMA, isAt, NEWLINE, OPEN, QUOTE } from './plain-json.js';
import { sameText } from './plain-text.js';
import { MOST_VALUE_BYTES, type PlainField, PlainValues } from './plain-values.js';

/*
 * The fast path for events, a line each. It only ever says "this is sound: here are its values" or "ask the general path"; a test
 * holds it to what the general path says. Without it everything is the same, and slower.
 */

const FIELDS: readonly PlainField[] = [...EVENT_FIELDS, 'Source'];
const KEYS = FIELDS.map((field) => Buffer.from(`${field}"`));
const IS_TEXT = FIELDS.map((field) => !['Position', 'SeqNumber', 'Timestamp'].includes(field));
const ALL = (1 << EVENT_FIELDS.length) - 1;
const MOST_COLUMN = 0xffff;
const MOST_LAYOUT_BYTES = 1024;

/** Shorter lines hold no event: three ids and seven names. */
export const LEAST_PLAIN_BYTES = 160;

/** Finds sound events in lines, or in arrays of a line, that are written plainly. */
export class PlainLines {
  readonly #values: PlainValues;
  readonly #layout = new Layout();
  readonly #fields: number;
  readonly #alone: boolean;

  /**
   * @param latest The latest Timestamp that is no finding.
   * @param each What is an event: a whole line, or an object in it, which has no Source.
   */
  constructor(latest: number, each: 'line' | 'object' = 'line') {
    this.#values = new PlainValues(latest);
    this.#alone = each === 'line';
    this.#fields = this.#alone ? FIELDS.length : EVENT_FIELDS.length;
  }

  /** Turns to other bytes, whose events go into `into`, which has room for them. */
  begin(bytes: Uint8Array, into: PlainEvents): void {
    this.#values.begin(bytes, into);
  }

  /**
   * Takes the event of the line that begins at a place, as far as a line feed ends it; or the object that begins there.
   * @param before How many columns of the line stand before that place.
   * @returns Where the next line begins, or what follows the object; -1 where it is no plain event, which says nothing about what it is.
   */
  take(start: number, line: number, before = 0): number {
    const next = this.#layout.read(this.#values, start);
    if (next >= 0) return this.#values.close(line, before + this.#layout.column) ? next : -1;
    return this.#search(start, line, before);
  }

  /** Takes one in whatever order and spacing, and learns them. */
  #search(start: number, line: number, before: number): number {
    const values = this.#values;
    const { bytes } = values;
    const layout = this.#layout;
    layout.forget();
    values.open();
    let at = afterSpace(bytes, start);
    const column = at - start + 1;
    if (bytes[at] !== OPEN || column > MOST_COLUMN) return -1;
    let literal = start;
    let seen = 0;
    for (let turn = 0; ; turn += 1) {
      at = afterSpace(bytes, at + 1);
      if (bytes[at] !== QUOTE) return -1;
      const field = fieldAt(bytes, at + 1, turn);
      if (field < 0 || field >= this.#fields || (seen & (1 << field)) !== 0) return -1;
      seen |= 1 << field;
      at = afterSpace(bytes, at + 1 + KEYS[field]!.length);
      if (bytes[at] !== COLON) return -1;
      at = afterSpace(bytes, at + 1);
      if (IS_TEXT[field]) {
        if (bytes[at] !== QUOTE) return -1;
        at += 1;
      }
      layout.add(bytes, literal, at, FIELDS[field]!);
      at = literal = values.read(FIELDS[field]!, at);
      if (at < 0) return -1;
      if (IS_TEXT[field]) {
        if (bytes[at] !== QUOTE) return -1;
        at += 1;
      }
      at = afterSpace(bytes, at);
      if (bytes[at] === COMMA) continue;
      if (bytes[at] === CLOSE) break;
      return -1;
    }
    at += 1;
    if (this.#alone) {
      at = afterSpace(bytes, at);
      if (bytes[at] !== NEWLINE) return -1;
      at += 1;
    }
    if ((seen & ALL) !== ALL || !values.close(line, before + column)) return -1;
    layout.end(bytes, literal, at, column);
    return at;
  }
}

/** How the last plain line was written: what stands between the values. Most lines of a file are written alike. */
class Layout {
  column = 0;
  readonly #text = Buffer.alloc(MOST_LAYOUT_BYTES);
  readonly #view = new DataView(this.#text.buffer, this.#text.byteOffset, MOST_LAYOUT_BYTES);
  /** Where in the text the literal before each value begins, and that after the last. */
  readonly #starts = new Int32Array(FIELDS.length + 2);
  readonly #fields: PlainField[] = [];
  #known = false;

  forget(): void {
    this.#known = false;
    this.#fields.length = 0;
  }

  /** Takes down the text before a field's value. */
  add(bytes: Uint8Array, from: number, to: number, field: PlainField): void {
    this.#copy(bytes, from, to);
    this.#fields.push(field);
  }

  /** Takes down the text after the last value. */
  end(bytes: Uint8Array, from: number, to: number, column: number): void {
    this.#copy(bytes, from, to);
    this.column = column;
    this.#known = this.#starts[this.#fields.length + 1]! <= MOST_LAYOUT_BYTES;
  }

  /** Reads the values of a line that is written so; gives where the next line begins, or -1. */
  read(values: PlainValues, start: number): number {
    if (!this.#known) return -1;
    const { bytes, view } = values;
    const text = this.#view;
    const starts = this.#starts;
    const fields = this.#fields;
    const last = fields.length;
    // With so many bytes left no comparison reaches beyond them.
    if (start + starts[last + 1]! + MOST_VALUE_BYTES > bytes.length) return -1;
    values.open();
    let at = start;
    let literal = 0;
    for (let i = 0; i < last; i += 1) {
      const next = starts[i + 1]!;
      if (!sameText(text, literal, view, at, next - literal)) return -1;
      at = values.read(fields[i]!, at + next - literal);
      if (at < 0) return -1;
      literal = next;
    }
    const length = starts[last + 1]! - literal;
    return sameText(text, literal, view, at, length) ? at + length : -1;
  }

  #copy(bytes: Uint8Array, from: number, to: number): void {
    const at = this.#starts[this.#fields.length]!;
    if (at + to - from <= MOST_LAYOUT_BYTES) this.#text.set(bytes.subarray(from, to), at);
    this.#starts[this.#fields.length + 1] = at + to - from;
  }
}

/** The field whose name stands at a place, `turn` being the likeliest; -1 where it is none. */
function fieldAt(bytes: Uint8Array, at: number, turn: number): number {
  if (turn < KEYS.length && isAt(bytes, at, KEYS[turn]!)) return turn;
  return KEYS.findIndex((key) => isAt(bytes, at, key));
}
