import { EventBatch, type EventLocator, NO_ELEMENT } from '../domain/event-batch.js';
import type { Input, Place, TextPosition } from '../domain/place.js';
import type { Exchange, InputRecord, Locate, RequestRecord, SyntaxRecord } from '../domain/record.js';
import { pointerOf } from '../domain/session.js';
import { addEvent } from '../wire/event-columns.js';
import { isJsonObject, type JsonObject } from '../wire/shape.js';
import type { EventChange } from './change-events.js';

/** How events and request bodies are changed while they are read. */
export interface ChangeOptions {
  /** Changes every event that is a JSON object, before it is added. Where it is set, everything is parsed. */
  readonly change?: EventChange | undefined;
  /** Whether events that were changed keep the value that they had before. */
  readonly keepOriginal?: boolean | undefined;
  /** Changes a request body that is a JSON object, before its events are. */
  readonly changeBody?: ((body: JsonObject, place: Place) => JsonObject) | undefined;
}

/** Finds the text of an event of the batch. */
export type FindEvent = (i: number, pointer: string) => TextPosition;

export interface BareEvent {
  readonly start: TextPosition;
  /** Its place in the document's array; `NO_ELEMENT` where it is no element. */
  readonly element?: number;
  readonly locate: Locate;
  /** Has no SeqNumber of its own. */
  readonly unnumbered?: boolean;
  /** Seconds that a row gives for its clip. */
  readonly clipDuration?: number | undefined;
}

/**
 * Gathers the records of an input, a chunk at a time, their events in one batch. Bare events that follow each other are one record. What
 * was gathered holds until the next chunk begins.
 */
export class Records {
  readonly events = new EventBatch();
  readonly #input: Input;
  readonly #pointers: boolean;
  readonly #options: ChangeOptions;
  readonly #texts = new EventTexts();
  #records: InputRecord[] = [];
  /** How many events of the batch are in a record. */
  #given = 0;

  /** @param pointers Whether the input has JSON pointers. */
  constructor(input: Input, options: ChangeOptions = {}, pointers = true) {
    this.#input = input;
    this.#options = options;
    this.#pointers = pointers;
    this.begin();
  }

  /** Begins another chunk. */
  begin(): void {
    this.#records = [];
    this.#given = 0;
    this.#texts.clear();
    this.events.clear();
    this.events.locator = this.#texts;
  }

  /** How many events and records there are of the chunk so far. */
  get size(): number {
    return this.events.count + this.#records.length;
  }

  /** What was gathered of the chunk. */
  end(): readonly InputRecord[] {
    this.#giveEvents(this.events.count);
    return this.#records;
  }

  addSyntax(record: SyntaxRecord): void {
    this.#giveEvents(this.events.count);
    this.#records.push(record);
  }

  /** Adds a bare event that is a JSON value. */
  addEvent(value: unknown, { start, element = NO_ELEMENT, locate, unnumbered, clipDuration }: BareEvent): void {
    const { events } = this;
    const i = this.#add(value, true, unnumbered);
    events.lines[i] = start.line;
    events.columns[i] = start.column;
    events.elements[i] = element;
    if (clipDuration !== undefined) events.setDuration(i, clipDuration);
    this.#texts.add(i, i + 1, (_, pointer) => locate(pointer));
  }

  /** Adds a request body, whatever its value. */
  addRequest(value: unknown, place: Place, locate: Locate, exchange?: Exchange): RequestRecord {
    const { events } = this;
    const from = events.count;
    const { changeBody } = this.#options;
    const body = changeBody && isJsonObject(value) ? changeBody(value, place) : value;
    const listed = isJsonObject(body) && Array.isArray(body.Events) ? (body.Events as unknown[]) : [];
    for (const [element, event] of listed.entries()) {
      const i = this.#add(event, false);
      // Its locator knows: to find every one costs as much as to parse it.
      events.lines[i] = 0;
      events.columns[i] = 0;
      events.elements[i] = element;
    }
    if (listed.length > 0)
      this.#texts.add(from, events.count, (i, pointer) => locate(`/Events/${i - from}${pointer}`));
    return this.#addRequest({
      kind: 'request',
      body,
      events,
      from,
      to: events.count,
      place,
      locate,
      ...(exchange && { exchange }),
    });
  }

  /** Adds the request body whose events the scanner has added to the batch, from `from` on. */
  addScannedRequest(body: unknown, from: number, start: TextPosition, element: number, locate: Locate): void {
    const { line, column } = start;
    const place = { input: this.#input, line, column, pointer: pointerOf(element), request: null };
    const { events } = this;
    this.#addRequest({ kind: 'request', body, events, from, to: events.count, place, locate });
  }

  /** Tells how to find the events that the scanner adds to the batch from now on. */
  addScanned(find: FindEvent): void {
    this.#texts.addScanned(this.events.count, find);
  }

  #addRequest(record: RequestRecord): RequestRecord {
    this.#giveEvents(record.from);
    this.#records.push(record);
    this.#given = record.to;
    return record;
  }

  #add(value: unknown, bare: boolean, unnumbered?: boolean): number {
    const { change, keepOriginal } = this.#options;
    if (!change || !isJsonObject(value)) return addEvent(this.events, value, { bare, unnumbered });
    const changed = change(value);
    const original = keepOriginal && changed !== value ? value : undefined;
    return addEvent(this.events, changed, { bare, unnumbered, original });
  }

  #giveEvents(to: number): void {
    const { events } = this;
    const from = this.#given;
    if (to > from) {
      this.#records.push({ kind: 'events', input: this.#input, pointers: this.#pointers, events, from, to });
    }
    this.#given = to;
  }
}

interface FoundText {
  readonly from: number;
  readonly to: number;
  readonly find: FindEvent;
}

/** Knows where the texts of a batch's events are. */
class EventTexts implements EventLocator {
  /** Of events that were parsed, in their order. */
  #parsed: FoundText[] = [];
  /** Of events that the scanner took, in their order, each up to the next. */
  #scanned: FoundText[] = [];

  clear(): void {
    this.#parsed = [];
    this.#scanned = [];
  }

  add(from: number, to: number, find: FindEvent): void {
    this.#parsed.push({ from, to, find });
  }

  addScanned(from: number, find: FindEvent): void {
    this.#scanned.push({ from, to: Number.POSITIVE_INFINITY, find });
  }

  locate(i: number, pointer: string): TextPosition {
    const text = textOf(this.#parsed, i) ?? textOf(this.#scanned, i);
    if (!text) throw new RangeError(`no event ${i} in the batch`);
    return text.find(i, pointer);
  }
}

/** The last text that begins at an event or before it, if it holds it. */
function textOf(texts: readonly FoundText[], i: number): FoundText | undefined {
  let [low, high] = [0, texts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (texts[middle]!.from <= i) low = middle + 1;
    else high = middle;
  }
  const text = texts[low - 1];
  return text && i < text.to ? text : undefined;
}
