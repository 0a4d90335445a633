import type { Input } from '../domain/place.js';
import type { PlainEvents } from '../domain/plain-events.js';
import type { PlainRequestRecord } from '../domain/record.js';
import { BODY_PROPERTIES, type BodyProperty, RESERVED_SOURCE, SOURCES } from '../wire/body.js';
import { MAX_LINE_BYTES } from './limits.js';
import { PlainLines } from './ndjson-plain.js';
import {
  ARRAY,
  ARRAY_END,
  afterSpace,
  CLOSE,
  COLON,
  COMMA,
  isAt,
  NEWLINE,
  OPEN,
  QUOTE,
} from './plain-json.js';

/*
 * The fast path for request bodies, a line each. It only ever says "this is sound, as far as no session is looked at: here are its events"
 * or "ask the general path"; a test holds it to what the general path says. Without it everything is the same, and slower.
 */

const KEYS = BODY_PROPERTIES.map((property) => Buffer.from(`${property}"`));
const ALL = (1 << BODY_PROPERTIES.length) - 1;
const TRUE = Buffer.from('true');
const CUSTOM_SOURCES = SOURCES.filter((source) => source !== RESERVED_SOURCE);
const SOURCE_TEXTS = CUSTOM_SOURCES.map((source) => Buffer.from(`"${source}"`));

/** Fewer than would be too many values for one line. */
const MOST_EVENTS = 50_000;

/** Finds sound request bodies in lines that are written plainly. */
export class PlainBodies {
  readonly #lines: PlainLines;
  #bytes: Uint8Array = new Uint8Array(0);
  #events: PlainEvents | undefined;
  #source = '';
  #column = 0;

  /** @param latest The latest Timestamp that is no finding. */
  constructor(latest: number) {
    this.#lines = new PlainLines(latest, 'object');
  }

  /** Turns to other bytes, whose events go into `into`, which has room for them. */
  begin(bytes: Uint8Array, into: PlainEvents): void {
    this.#lines.begin(bytes, into);
    this.#bytes = bytes;
    this.#events = into;
  }

  /**
   * Takes the body of the line that begins at a place, as far as a line feed ends it.
   * @returns Where the next line begins; -1 where it holds no plain body, which says nothing about the line.
   */
  take(start: number, line: number): number {
    const events = this.#events!;
    const before = events.count;
    const next = this.#body(start, line, before);
    if (next < 0) events.count = before;
    return next;
  }

  /** The body that was taken last, whose events stand from `from` on. */
  record(input: Input, line: number, from: number): PlainRequestRecord {
    const events = this.#events!;
    const place = { input, line, column: this.#column, pointer: '', request: null };
    return { kind: 'plain-request', place, source: this.#source, events, from, to: events.count };
  }

  #body(start: number, line: number, before: number): number {
    const bytes = this.#bytes;
    let at = afterSpace(bytes, start);
    this.#column = at - start + 1;
    if (bytes[at] !== OPEN) return -1;
    let seen = 0;
    do {
      at = afterSpace(bytes, at + 1);
      if (bytes[at] !== QUOTE) return -1;
      const property = propertyAt(bytes, at + 1);
      if (property < 0 || (seen & (1 << property)) !== 0) return -1;
      seen |= 1 << property;
      at = afterSpace(bytes, at + 1 + KEYS[property]!.length);
      if (bytes[at] !== COLON) return -1;
      at = afterSpace(bytes, at + 1);
      at = this.#value(BODY_PROPERTIES[property]!, at, start, line, before);
      if (at < 0) return -1;
      at = afterSpace(bytes, at);
    } while (bytes[at] === COMMA);
    if (seen !== ALL || bytes[at] !== CLOSE) return -1;
    at = afterSpace(bytes, at + 1);
    return bytes[at] === NEWLINE && at - start <= MAX_LINE_BYTES ? at + 1 : -1;
  }

  /** Where the value of a property ends; -1 where it is not plain. */
  #value(property: BodyProperty, at: number, start: number, line: number, before: number): number {
    switch (property) {
      case 'Source':
        return this.#sourceAt(at);
      case 'Events':
        return this.#eventsAt(at, start, line, before);
      case 'Completed':
        return isAt(this.#bytes, at, TRUE) ? at + TRUE.length : -1;
    }
  }

  #sourceAt(at: number): number {
    const source = SOURCE_TEXTS.findIndex((text) => isAt(this.#bytes, at, text));
    if (source < 0) return -1;
    this.#source = CUSTOM_SOURCES[source]!;
    return at + SOURCE_TEXTS[source]!.length;
  }

  #eventsAt(from: number, start: number, line: number, before: number): number {
    const bytes = this.#bytes;
    const events = this.#events!;
    let at = from;
    if (bytes[at] !== ARRAY) return -1;
    do {
      at = afterSpace(bytes, at + 1);
      at = this.#lines.take(at, line, at - start);
      if (at < 0 || events.count - before > MOST_EVENTS) return -1;
      at = afterSpace(bytes, at);
    } while (bytes[at] === COMMA);
    return bytes[at] === ARRAY_END ? at + 1 : -1;
  }
}

function propertyAt(bytes: Uint8Array, at: number): number {
  return KEYS.findIndex((key) => isAt(bytes, at, key));
}
