import { NO_ELEMENT } from '../../domain/event-batch.js';
import type { TextPosition } from '../../domain/place.js';
import { JsonText } from '../json/text.js';
import type { Records } from '../records.js';
import { BodyScanner } from './bodies.js';
import { CLOSE } from './bytes.js';
import { EventScanner } from './events.js';
import { ValueScanner } from './values.js';

/** Whether each value is a line of its own, or an element of a document's array. */
export type JsonPieces = 'lines' | 'elements';

/*
 * What is read fast of JSON. The scanner only ever says "here are the values" or "parse this"; a test holds it to the JSON reader. Without
 * it everything is the same, and slower.
 */

/** Takes events and request bodies from the bytes of JSON, and adds them to the records. */
export class JsonScanner {
  readonly #records: Records;
  readonly #values: ValueScanner;
  readonly #events: EventScanner;
  readonly #bodies: BodyScanner;
  #bodyFirst = false;
  /** The line in which the value that was taken last ends, and where that line begins. */
  line = 1;
  lineStart = 0;

  constructor(records: Records, pieces: JsonPieces) {
    const surroundings = { line: pieces === 'lines', newlines: pieces === 'elements' };
    this.#records = records;
    this.#values = new ValueScanner(records.events);
    this.#events = new EventScanner(this.#values, { ...surroundings, source: true });
    this.#bodies = new BodyScanner(this.#values, surroundings);
  }

  /** Turns to other bytes, which are not changed while their records are handled. */
  begin(bytes: Uint8Array): void {
    const values = this.#values;
    const { events } = values;
    values.begin(bytes);
    this.#records.addScanned((i, pointer) => {
      const start = { line: events.lines[i]!, column: events.columns[i]! };
      // Nothing in an event that is taken closes earlier.
      const end = bytes.indexOf(CLOSE, values.starts[i]!) + 1;
      return pointer === '' ? start : locateIn(bytes, values.starts[i]!, end, start, pointer);
    });
  }

  /**
   * Takes the event or the body that begins at a place.
   * @param line The line that the place is in, and `lineStart`, where that line begins.
   * @param element Its place in the document's array.
   * @returns Where what follows begins; -1 where there is nothing that it takes.
   */
  take(start: number, line: number, lineStart: number, element = NO_ELEMENT): number {
    // What follows is most likely what came before.
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
