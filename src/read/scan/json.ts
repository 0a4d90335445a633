import { NO_ELEMENT, SOURCES } from '../../domain/event-batch.js';
import type { TextPosition } from '../../domain/place.js';
import { BODY_PROPERTIES, type BodyProperty } from '../../wire/body.js';
import { JsonText } from '../json/text.js';
import { MAX_LINE_BYTES } from '../limits.js';
import type { Records } from '../records.js';
import { ARRAY, ARRAY_END, afterBlanks, CLOSE, COLON, COMMA, isAt, NEWLINE, OPEN, QUOTE } from './bytes.js';
import { EventScanner, type EventSurroundings } from './events.js';
import { ValueScanner } from './values.js';

const KEYS = BODY_PROPERTIES.map((property) => Buffer.from(`${property}"`));
const ALL = (1 << BODY_PROPERTIES.length) - 1;
const TRUE = Buffer.from('true');
const SOURCE_TEXTS = SOURCES.map((source) => Buffer.from(`"${source}"`));

/** Below the limit on the values of one text, which the parser checks. */
const MAX_EVENTS = 50_000;

/** A request body that the scanner read. Its events are in the batch. */
export interface ScannedBody {
  readonly Source: string;
  /** An array with one empty slot per event. */
  readonly Events: readonly unknown[];
  readonly Completed: true;
}

/** Reads request bodies from bytes, if they have only a documented Source, `Completed`, and events that the scanner can read. */
export class BodyScanner {
  readonly #values: ValueScanner;
  readonly #events: EventScanner;
  readonly #ends: boolean;
  readonly #newlines: boolean;
  #source = '';
  /** Where in the bytes the last body that it read begins and ends, and in which column it begins. */
  start = 0;
  end = 0;
  column = 1;
  /** The line in which the body ends, and where that line begins. */
  line = 1;
  lineStart = 0;

  constructor(values: ValueScanner, { line, newlines }: Omit<EventSurroundings, 'source'>) {
    this.#values = values;
    this.#events = new EventScanner(values, { line: false, newlines, source: false });
    this.#ends = line;
    this.#newlines = newlines;
  }

  /**
   * Reads the body that begins at `start`, and adds its events to the batch.
   * @param line The line of `start`; `lineStart` is where that line begins.
   * @returns The offset after the body; -1 where the scanner cannot read it. The parser must then decide what the text
   * is.
   */
  take(start: number, line: number, lineStart: number): number {
    const { events } = this.#values;
    const before = events.count;
    this.line = line;
    this.lineStart = lineStart;
    const next = this.#body(start, before);
    if (next < 0) events.count = before;
    return next;
  }

  /** The value of the last body that it read. */
  valueOf(events: number): ScannedBody {
    return { Source: this.#source, Events: Array.from({ length: events }), Completed: true };
  }

  #body(start: number, before: number): number {
    const { bytes } = this.#values;
    let at = this.#afterBlanks(start);
    this.start = at;
    this.column = at - this.lineStart + 1;
    if (bytes[at] !== OPEN) return -1;
    let seen = 0;
    do {
      at = this.#afterBlanks(at + 1);
      if (bytes[at] !== QUOTE) return -1;
      const property = propertyAt(bytes, at + 1);
      if (property < 0 || (seen & (1 << property)) !== 0) return -1;
      seen |= 1 << property;
      at = this.#afterBlanks(at + 1 + KEYS[property]!.length);
      if (bytes[at] !== COLON) return -1;
      at = this.#afterBlanks(at + 1);
      at = this.#value(BODY_PROPERTIES[property]!, at, before);
      if (at < 0) return -1;
      at = this.#afterBlanks(at);
    } while (bytes[at] === COMMA);
    if (seen !== ALL || bytes[at] !== CLOSE) return -1;
    at += 1;
    this.end = at;
    if (!this.#ends) return at;
    at = afterBlanks(bytes, at, false);
    return bytes[at] === NEWLINE && at - start <= MAX_LINE_BYTES ? at + 1 : -1;
  }

  /** Where the value of a property ends; -1 where it cannot be read. */
  #value(property: BodyProperty, at: number, before: number): number {
    switch (property) {
      case 'Source':
        return this.#sourceAt(at);
      case 'Events':
        return this.#eventsAt(at, before);
      case 'Completed':
        return isAt(this.#values.bytes, at, TRUE) ? at + TRUE.length : -1;
    }
  }

  #sourceAt(at: number): number {
    const source = SOURCE_TEXTS.findIndex((text) => isAt(this.#values.bytes, at, text));
    if (source < 0) return -1;
    this.#source = SOURCES[source]!;
    return at + SOURCE_TEXTS[source]!.length;
  }

  #eventsAt(from: number, before: number): number {
    const { bytes, events } = this.#values;
    const scanner = this.#events;
    let at = from;
    if (bytes[at] !== ARRAY) return -1;
    do {
      at = scanner.take(this.#afterBlanks(at + 1), this.line, this.lineStart);
      if (at < 0) return -1;
      const element = events.count - 1 - before;
      if (element >= MAX_EVENTS) return -1;
      events.elements[before + element] = element;
      this.line = scanner.line;
      this.lineStart = scanner.lineStart;
      at = this.#afterBlanks(at);
    } while (bytes[at] === COMMA);
    return bytes[at] === ARRAY_END ? at + 1 : -1;
  }

  #afterBlanks(from: number): number {
    const { bytes } = this.#values;
    const to = afterBlanks(bytes, from, this.#newlines);
    if (!this.#newlines) return to;
    for (let at = from; at < to; at += 1) {
      if (bytes[at] !== NEWLINE) continue;
      this.line += 1;
      this.lineStart = at + 1;
    }
    return to;
  }
}

function propertyAt(bytes: Uint8Array, at: number): number {
  return KEYS.findIndex((key) => isAt(bytes, at, key));
}

/** Whether each value is a whole line, or an element of a document's array. */
export type JsonPieces = 'lines' | 'elements';

/*
 * The fast path for JSON. The scanner accepts only text that it fully understands; everything else goes to the JSON
 * parser. Without the scanner, the result is the same, but reading is slower. A test compares the two.
 */

/** Reads events and request bodies from the bytes of JSON, and adds them to the records. */
export class JsonScanner {
  readonly #records: Records;
  readonly #values: ValueScanner;
  readonly #events: EventScanner;
  readonly #bodies: BodyScanner;
  #bodyFirst = false;
  /** The line in which the last value that it read ends, and where that line begins. */
  line = 1;
  lineStart = 0;

  constructor(records: Records, pieces: JsonPieces) {
    const surroundings = { line: pieces === 'lines', newlines: pieces === 'elements' };
    this.#records = records;
    this.#values = new ValueScanner(records.events);
    this.#events = new EventScanner(this.#values, { ...surroundings, source: true });
    this.#bodies = new BodyScanner(this.#values, surroundings);
  }

  /** Starts with other bytes. The caller must not change them while their records are in use. */
  begin(bytes: Uint8Array): void {
    const values = this.#values;
    const { events } = values;
    values.begin(bytes);
    this.#records.addScanned((i, pointer) => {
      const start = { line: events.lines[i]!, column: events.columns[i]! };
      // The scanner reads no event with a nested object, so the first closing brace ends the event.
      const end = bytes.indexOf(CLOSE, values.starts[i]!) + 1;
      return pointer === '' ? start : locateIn(bytes, values.starts[i]!, end, start, pointer);
    });
  }

  /**
   * Reads the event or the request body that begins at `start`.
   * @param line The line of `start`; `lineStart` is where that line begins.
   * @param element The value's index in the document's array.
   * @returns The offset after the value; -1 where the scanner cannot read it.
   */
  take(start: number, line: number, lineStart: number, element = NO_ELEMENT): number {
    // The next value is most likely of the same kind as the last.
    const bodyFirst = this.#bodyFirst;
    const first = bodyFirst
      ? this.#takeBody(start, line, lineStart, element)
      : this.#takeEvent(start, line, lineStart, element);
    if (first >= 0) return first;
    const second = bodyFirst
      ? this.#takeEvent(start, line, lineStart, element)
      : this.#takeBody(start, line, lineStart, element);
    if (second >= 0) this.#bodyFirst = !bodyFirst;
    return second;
  }

  #takeEvent(start: number, line: number, lineStart: number, element: number): number {
    const scanner = this.#events;
    const next = scanner.take(start, line, lineStart);
    if (next < 0) return -1;
    const { elements, count } = this.#values.events;
    elements[count - 1] = element;
    this.line = scanner.line;
    this.lineStart = scanner.lineStart;
    return next;
  }

  #takeBody(start: number, line: number, lineStart: number, element: number): number {
    const body = this.#bodies;
    const { events, bytes } = this.#values;
    const from = events.count;
    const next = body.take(start, line, lineStart);
    if (next < 0) return -1;
    const { start: first, end, column } = body;
    const at = { line, column };
    this.#records.addScannedRequest(body.valueOf(events.count - from), from, at, element, (pointer) =>
      locateIn(bytes, first, end, at, pointer),
    );
    this.line = body.line;
    this.lineStart = body.lineStart;
    return next;
  }
}

function locateIn(
  bytes: Uint8Array,
  from: number,
  to: number,
  start: TextPosition,
  pointer: string,
): TextPosition {
  return new JsonText(Buffer.from(bytes.subarray(from, to)).toString('latin1'), start).locate(pointer);
}
