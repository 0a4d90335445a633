import { EVENT_FIELDS } from '../../wire/event.js';
import { afterBlanks, CLOSE, COLON, COMMA, isAt, NEWLINE, OPEN, QUOTE, sameText } from './bytes.js';
import { GUID_LENGTH, MAX_VALUE_BYTES, type ScannedField, type ValueScanner } from './values.js';

const FIELDS: readonly ScannedField[] = [...EVENT_FIELDS, 'Source'];
const KEYS = FIELDS.map((field) => Buffer.from(`${field}"`));
const IS_TEXT = FIELDS.map((field) => !['Position', 'SeqNumber', 'Timestamp'].includes(field));
const ALL = (1 << EVENT_FIELDS.length) - 1;
const MAX_LAYOUT_BYTES = 1024;
/** How many ids an event has. */
const IDS = 3;

/** Where the events are, and what they can hold. */
export interface EventSurroundings {
  /** Whether each event is a whole line that ends with a line feed; else it is an object inside other text. */
  readonly line: boolean;
  /** Whether an event can contain line feeds. */
  readonly newlines: boolean;
  /** Whether an event can have a Source. */
  readonly source: boolean;
}

/** Reads events that are JSON objects from bytes. */
export class EventScanner {
  readonly #values: ValueScanner;
  readonly #layout: Layout;
  readonly #fields: number;
  readonly #line: boolean;
  readonly #newlines: boolean;
  /** The line in which the last event that it read ends, and where that line begins. */
  line = 1;
  lineStart = 0;

  constructor(values: ValueScanner, { line, newlines, source }: EventSurroundings) {
    this.#values = values;
    this.#layout = new Layout();
    this.#fields = source ? FIELDS.length : EVENT_FIELDS.length;
    this.#line = line;
    this.#newlines = newlines;
  }

  /**
   * Reads the event that begins at `start`.
   * @param line The line of `start`; `lineStart` is where that line begins.
   * @returns The offset after the event; -1 where the scanner cannot read it. The parser must then decide what the text
   * is.
   */
  take(start: number, line: number, lineStart: number): number {
    const next = this.#layout.read(this.#values, start);
    return next < 0 ? this.#search(start, line, lineStart) : this.#close(start, line, lineStart, next);
  }

  #close(start: number, line: number, lineStart: number, next: number): number {
    const at = start + this.#layout.indent;
    this.#values.close(at, line, at - lineStart + 1);
    this.#values.noteLast(this.#layout, start);
    const newlines = this.#newlines ? this.#layout.newlines : 0;
    this.line = line + newlines;
    this.lineStart = newlines === 0 ? lineStart : this.#values.bytes.lastIndexOf(NEWLINE, next - 1) + 1;
    return next;
  }

  /** Reads an event with any order of fields and any spacing, and stores both as the layout. */
  #search(start: number, line: number, lineStart: number): number {
    const values = this.#values;
    const { bytes } = values;
    const newlines = this.#newlines;
    const layout = this.#layout;
    layout.forget();
    values.open();
    let at = afterBlanks(bytes, start, newlines);
    const indent = at - start;
    if (bytes[at] !== OPEN) return -1;
    let literal = start;
    let seen = 0;
    for (let turn = 0; ; turn += 1) {
      at = afterBlanks(bytes, at + 1, newlines);
      if (bytes[at] !== QUOTE) return -1;
      const field = fieldAt(bytes, at + 1, turn);
      if (field < 0 || field >= this.#fields || (seen & (1 << field)) !== 0) return -1;
      seen |= 1 << field;
      at = afterBlanks(bytes, at + 1 + KEYS[field]!.length, newlines);
      if (bytes[at] !== COLON) return -1;
      at = afterBlanks(bytes, at + 1, newlines);
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
      at = afterBlanks(bytes, at, newlines);
      if (bytes[at] === COMMA) continue;
      if (bytes[at] === CLOSE) break;
      return -1;
    }
    at += 1;
    if (this.#line) {
      at = afterBlanks(bytes, at, false);
      if (bytes[at] !== NEWLINE) return -1;
      at += 1;
    }
    if ((seen & ALL) !== ALL) return -1;
    layout.end(bytes, literal, at, indent);
    return this.#close(start, line, lineStart, at);
  }
}

/** The layout of the last event: the bytes between its values. Most events of a file have the same layout. */
class Layout {
  /** How many blanks come before the event. */
  indent = 0;
  newlines = 0;
  readonly #text = Buffer.alloc(MAX_LAYOUT_BYTES);
  readonly #view = new DataView(this.#text.buffer, this.#text.byteOffset, MAX_LAYOUT_BYTES);
  /** Where in `#text` the literal before each value begins, then the literal after the last value. */
  readonly #starts = new Int32Array(FIELDS.length + 2);
  readonly #fields: ScannedField[] = [];
  /** The length of an event's beginning up to its third id, if its first three values are the ids; else 0. */
  #idsBytes = 0;
  #known = false;

  forget(): void {
    this.#known = false;
    this.#fields.length = 0;
    this.newlines = 0;
  }

  /** Records the text before a field's value. */
  add(bytes: Uint8Array, from: number, to: number, field: ScannedField): void {
    this.#copy(bytes, from, to);
    this.#fields.push(field);
  }

  /** Records the text after the last value. */
  end(bytes: Uint8Array, from: number, to: number, indent: number): void {
    this.#copy(bytes, from, to);
    this.indent = indent;
    this.#known = this.#starts[this.#fields.length + 1]! <= MAX_LAYOUT_BYTES;
    const idsFirst = this.#fields.slice(0, IDS).every((field) => field.endsWith('Id'));
    this.#idsBytes = idsFirst ? this.#starts[IDS]! + IDS * GUID_LENGTH : 0;
  }

  /** Reads the values of an event with this layout. Returns the offset after the event; -1 if it has another layout. */
  read(values: ValueScanner, start: number): number {
    if (!this.#known) return -1;
    const { bytes, view } = values;
    const text = this.#view;
    const starts = this.#starts;
    const fields = this.#fields;
    const last = fields.length;
    // If at least this many bytes are left, no comparison reads past the end.
    if (start + starts[last + 1]! + MAX_VALUE_BYTES > bytes.length) return -1;
    let first = 0;
    let at = start;
    let literal = 0;
    if (values.beginsLikeTheLast(this, start, this.#idsBytes)) {
      values.open();
      values.repeatIds();
      first = IDS;
      at += this.#idsBytes;
      literal = starts[IDS]!;
    } else {
      values.open();
    }
    for (let i = first; i < last; i += 1) {
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
    if (at + to - from <= MAX_LAYOUT_BYTES) this.#text.set(bytes.subarray(from, to), at);
    this.#starts[this.#fields.length + 1] = at + to - from;
    for (let i = from; i < to; i += 1) if (bytes[i] === NEWLINE) this.newlines += 1;
  }
}

/** The field whose name is at a place, with `turn` as the likeliest; -1 if it is not a field. */
function fieldAt(bytes: Uint8Array, at: number, turn: number): number {
  if (turn < KEYS.length && isAt(bytes, at, KEYS[turn]!)) return turn;
  return KEYS.findIndex((key) => isAt(bytes, at, key));
}
