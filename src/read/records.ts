import { EVENT_FLAG, EventBatch, type EventLocator, NO_ELEMENT } from '../domain/event-batch.js';
import type { Input, Place, TextPosition } from '../domain/place.js';
import type {
  Exchange,
  InputRecord,
  Locate,
  Loss,
  RequestRecord,
  ResentRowRecord,
  SyntaxRecord,
  TableRecord,
  UnmappedRecord,
} from '../domain/record.js';
import { pointerOf } from '../domain/session.js';
import { addEvent, sessionKeyOf } from '../wire/event-columns.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';

/** Changes an event after it was read; returns the same object where there is nothing to change. */
export type EventChange = (event: JsonObject) => JsonObject;

/** How events and request bodies are read and changed. */
export interface EventOptions {
  /** False to parse everything: the records are the same, but reading is slower. */
  readonly scan?: boolean | undefined;
  /** Called with a note about data that was read although its form is wrong. */
  readonly onNote?: ((file: string, note: string) => void) | undefined;
  /** Changes every event that is a JSON object, before it is added. Where it is set, everything is parsed. */
  readonly change?: EventChange | undefined;
  /** Whether to leave out the events of a clip. Called with the ClipId after `change`. */
  readonly isUnmapped?: ((clip: unknown) => boolean) | undefined;
  /** Whether to also keep the original of an event that `change` replaced. */
  readonly keepOriginal?: ((event: JsonObject) => boolean) | undefined;
  /** If JSON objects are rows of a table: makes the sink for them. */
  readonly rowSink?: ((records: Records, input: Input) => RowSink) | undefined;
  /** Changes a request body that is a JSON object, before its events are. */
  readonly changeBody?: ((body: JsonObject, place: Place) => JsonObject) | undefined;
  /**
   * Reads the events of request bodies as bare events with the body's Source, so that a session is joined from all
   * requests. Everything is parsed.
   */
  readonly joinRequests?: boolean | undefined;
}

/** Whether the scanner can be used: events that are changed must be parsed. */
export function scans({ scan = true, change, changeBody, rowSink, joinRequests }: EventOptions): boolean {
  return scan && !change && !changeBody && !rowSink && !joinRequests;
}

/** Finds the text of an event of the batch. */
export type FindEvent = (i: number, pointer: string) => TextPosition;

/** A value whose text can be looked up. */
export interface Located {
  readonly locate: Locate;
}

/** What a row states about its events, in addition to their fields. */
export interface RowEvent {
  /** Whether the row has no SeqNumber. */
  readonly unnumbered?: boolean;
  /** The duration of the clip in seconds according to the row. */
  readonly clipDuration?: number | undefined;
  /** Whether the event ends an interval whose clock was computed from its audio. */
  readonly derivedClock?: boolean;
}

/** Accepts JSON objects that are rows of a table. */
export interface RowSink {
  add(row: JsonObject, start: TextPosition, text: Located): void;
  /** Which sessions can lack events because a text could not be parsed. */
  lossOf(text: string): Loss;
  /** Yields the remaining records, in chunks. Call it after the last row. */
  end(): Iterable<readonly InputRecord[]>;
}

/**
 * Collects the records of an input, chunk by chunk, with the events of a chunk in one batch. Consecutive bare events
 * are one record. The records of a chunk are valid until the next chunk begins.
 */
export class Records {
  readonly events = new EventBatch();
  readonly #input: Input;
  readonly #pointers: boolean;
  readonly #options: EventOptions;
  readonly #texts = new EventTexts();
  #records: InputRecord[] = [];
  /** How many events of the batch are in a record. */
  #given = 0;
  /** The sink for JSON objects, if they are rows of a table. */
  readonly rows: RowSink | undefined;

  /** @param pointers Whether the input has JSON pointers. */
  constructor(input: Input, options: EventOptions = {}, pointers = true) {
    this.#input = input;
    this.#options = options;
    this.#pointers = pointers && !options.rowSink;
    this.begin();
    this.rows = options.rowSink?.(this, input);
  }

  /** Begins another chunk. */
  begin(): void {
    this.#records = [];
    this.#given = 0;
    this.#texts.clear();
    this.events.clear();
    this.events.locator = this.#texts;
  }

  /** How many events and records the chunk has so far. */
  get size(): number {
    return this.events.count + this.#records.length;
  }

  /** The records of the chunk. */
  end(): readonly InputRecord[] {
    this.#giveEvents(this.events.count);
    return this.#records;
  }

  /** Adds a record that is neither an event nor a request. */
  add(record: SyntaxRecord | TableRecord | ResentRowRecord | UnmappedRecord): void {
    this.#giveEvents(this.events.count);
    this.#records.push(record);
  }

  /**
   * Adds a bare event.
   * @param value Any JSON value.
   * @param element Its index in the document's array; `NO_ELEMENT` outside an array.
   */
  addEvent(
    value: unknown,
    start: TextPosition,
    text: Located,
    element = NO_ELEMENT,
    { unnumbered, clipDuration, derivedClock }: RowEvent = NO_ROW,
  ): void {
    const { events } = this;
    const i = this.#add(value, true, unnumbered);
    if (i < 0) {
      const pointer = this.#pointers ? pointerOf(element) : null;
      this.#leaveOut(value, { input: this.#input, ...start, pointer, request: null });
      return;
    }
    events.lines[i] = start.line;
    events.columns[i] = start.column;
    events.elements[i] = element;
    if (clipDuration !== undefined) events.setDuration(i, clipDuration);
    if (derivedClock) events.flags[i]! |= EVENT_FLAG.derivedClock;
    this.#texts.add(i, i + 1, text);
  }

  /** Adds a request body. @param value Any JSON value. */
  addRequest(value: unknown, place: Place, locate: Locate, exchange?: Exchange): void {
    const { events } = this;
    const from = events.count;
    const { changeBody } = this.#options;
    const body = changeBody && isJsonObject(value) ? changeBody(value, place) : value;
    const listed = isJsonObject(body) && Array.isArray(body.Events) ? (body.Events as unknown[]) : [];
    if (this.#options.joinRequests && isJsonObject(body) && listed.length > 0) {
      this.#addJoined(body, listed, locate);
      return;
    }
    const leftOut: [event: unknown, element: number][] = [];
    for (const [element, event] of listed.entries()) {
      const i = this.#add(event, false);
      if (i < 0) {
        leftOut.push([event, element]);
        continue;
      }
      // The locator finds the place on demand: finding each event's place costs as much as parsing the event.
      events.lines[i] = 0;
      events.columns[i] = 0;
      events.elements[i] = element;
    }
    if (events.count > from)
      this.#texts.add(from, events.count, (i, pointer) => locate(`/Events/${events.elements[i]!}${pointer}`));
    this.#addRequest({
      kind: 'request',
      body,
      events,
      from,
      to: events.count,
      place,
      locate,
      ...(exchange && { exchange }),
    });
    for (const [event, element] of leftOut) {
      const below = `/Events/${element}`;
      const pointer = place.pointer === null ? null : place.pointer + below;
      this.#leaveOut(event, { ...place, ...locate(below), pointer });
    }
  }

  /** Adds a request body whose events the scanner has already added to the batch, from index `from`. */
  addScannedRequest(body: unknown, from: number, start: TextPosition, element: number, locate: Locate): void {
    const { line, column } = start;
    const place = { input: this.#input, line, column, pointer: pointerOf(element), request: null };
    const { events } = this;
    this.#addRequest({ kind: 'request', body, events, from, to: events.count, place, locate });
  }

  /** Sets how to find the events that the scanner adds to the batch from now on. */
  addScanned(find: FindEvent): void {
    this.#texts.addScanned(this.events.count, find);
  }

  #addJoined({ Source }: JsonObject, listed: readonly unknown[], locate: Locate): void {
    for (const [element, event] of listed.entries()) {
      const carries = !isJsonObject(event) || Object.hasOwn(event, 'Source') || typeof Source !== 'string';
      this.addEvent(carries ? event : { ...event, Source }, locate(`/Events/${element}`), {
        locate: (pointer) => locate(`/Events/${element}${pointer}`),
      });
    }
  }

  #addRequest(record: RequestRecord): void {
    this.#giveEvents(record.from);
    this.#records.push(record);
    this.#given = record.to;
  }

  /** Adds an event to the batch. Returns its index; -1 if the event is left out. */
  #add(value: unknown, bare: boolean, unnumbered?: boolean): number {
    const { change, keepOriginal, isUnmapped } = this.#options;
    if (!change || !isJsonObject(value)) return addEvent(this.events, value, { bare, unnumbered });
    const changed = change(value);
    if (isUnmapped?.(changed.ClipId)) return -1;
    const original = changed !== value && keepOriginal?.(value) ? value : undefined;
    return addEvent(this.events, changed, { bare, unnumbered, original });
  }

  #leaveOut(event: unknown, place: Place): void {
    const key = sessionKeyOf(event);
    const loss = key === null ? 'unknown' : { sessions: [key] };
    this.add({ kind: 'unmapped', place, loss, text: JSON.stringify(event) });
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

const NO_ROW: RowEvent = {};

/** Finds where the texts of a batch's events are. */
class EventTexts implements EventLocator {
  /** For groups of parsed events, in order: the first event, the event after the last, and how to find them. */
  #from: number[] = [];
  #to: number[] = [];
  #parsed: (FindEvent | Located)[] = [];
  /** For groups of events that the scanner read: the first event. */
  #scannedFrom: number[] = [];
  #scanned: FindEvent[] = [];

  clear(): void {
    this.#from = [];
    this.#to = [];
    this.#parsed = [];
    this.#scannedFrom = [];
    this.#scanned = [];
  }

  /** Adds a group of parsed events: one event with its own text, or several. */
  add(from: number, to: number, text: FindEvent | Located): void {
    this.#from.push(from);
    this.#to.push(to);
    this.#parsed.push(text);
  }

  addScanned(from: number, find: FindEvent): void {
    this.#scannedFrom.push(from);
    this.#scanned.push(find);
  }

  locate(i: number, pointer: string): TextPosition {
    const at = lastFrom(this.#from, i);
    const text =
      at >= 0 && i < this.#to[at]! ? this.#parsed[at]! : this.#scanned[lastFrom(this.#scannedFrom, i)]!;
    return typeof text === 'function' ? text(i, pointer) : text.locate(pointer);
  }
}

/** The index of the last of rising numbers that is at most `most`; -1 if all are above it. */
function lastFrom(numbers: readonly number[], most: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= most) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
