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

/** Changes an event as it was read; gives it back as it is where there is nothing to change. */
export type EventChange = (event: JsonObject) => JsonObject;

/** How events and request bodies are read, and changed on the way. */
export interface EventOptions {
  /** False: everything is parsed, which gives the same records, and is slower. */
  readonly scan?: boolean | undefined;
  /** Called with a note about what was read although it is not in the right form. */
  readonly onNote?: ((file: string, note: string) => void) | undefined;
  /** Changes every event that is a JSON object, before it is added. Where it is set, everything is parsed. */
  readonly change?: EventChange | undefined;
  /** Whether a clip, by its id after `change`, is one whose events are left out. */
  readonly isUnmapped?: ((clip: unknown) => boolean) | undefined;
  /** Whether an event that `change` gives another for is kept as it was, beside what it is now. */
  readonly keepOriginal?: ((event: JsonObject) => boolean) | undefined;
  /** Where JSON objects are rows of a table: makes what takes them. */
  readonly rowSink?: ((records: Records, input: Input) => RowSink) | undefined;
  /** Changes a request body that is a JSON object, before its events are. */
  readonly changeBody?: ((body: JsonObject, place: Place) => JsonObject) | undefined;
  /** Reads the events of request bodies as bare ones with the body's Source: a session is what all requests hold of it. Everything is parsed. */
  readonly joinRequests?: boolean | undefined;
}

/** Whether the scanner may be asked: what is changed on the way is parsed. */
export function scans({ scan = true, change, changeBody, rowSink, joinRequests }: EventOptions): boolean {
  return scan && !change && !changeBody && !rowSink && !joinRequests;
}

/** Finds the text of an event of the batch. */
export type FindEvent = (i: number, pointer: string) => TextPosition;

/** A value whose text can be looked up. */
export interface Located {
  readonly locate: Locate;
}

/** What a row says about its events, in addition to their fields. */
export interface RowEvent {
  /** Has no SeqNumber of its own. */
  readonly unnumbered?: boolean;
  /** Seconds that the row gives for its clip. */
  readonly clipDuration?: number | undefined;
  /** Ends an interval whose clock was derived from its audio. */
  readonly derivedClock?: boolean;
}

/** Takes JSON objects that are rows of a table. */
export interface RowSink {
  add(row: JsonObject, start: TextPosition, text: Located): void;
  /** What can be missing with a text that could not be parsed. */
  lossOf(text: string): Loss;
  /** After the last row: the records that are still to come, in chunks. */
  end(): Iterable<readonly InputRecord[]>;
}

/**
 * Gathers the records of an input, a chunk at a time, their events in one batch. Bare events that follow each other are one record. What
 * was gathered holds until the next chunk begins.
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
  /** What takes JSON objects, where they are rows of a table. */
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

  /** How many events and records there are of the chunk so far. */
  get size(): number {
    return this.events.count + this.#records.length;
  }

  /** What was gathered of the chunk. */
  end(): readonly InputRecord[] {
    this.#giveEvents(this.events.count);
    return this.#records;
  }

  /** Adds what is neither an event nor a request. */
  add(record: SyntaxRecord | TableRecord | ResentRowRecord | UnmappedRecord): void {
    this.#giveEvents(this.events.count);
    this.#records.push(record);
  }

  /**
   * Adds a bare event that is a JSON value.
   * @param element Its place in the document's array; `NO_ELEMENT` where it is no element.
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

  /** Adds a request body, whatever its value. */
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
      // Its locator knows: to find every one costs as much as to parse it.
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

  /** Adds the request body whose events the scanner has added to the batch, from `from` on. */
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

  /** An event's index in the batch; -1 if it is left out. */
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

/** Knows where the texts of a batch's events are. */
class EventTexts implements EventLocator {
  /** Of events that were parsed, in their order: from which event, up to which, and how to find them. */
  #from: number[] = [];
  #to: number[] = [];
  #parsed: (FindEvent | Located)[] = [];
  /** Of events that the scanner took: from which event. */
  #scannedFrom: number[] = [];
  #scanned: FindEvent[] = [];

  clear(): void {
    this.#from = [];
    this.#to = [];
    this.#parsed = [];
    this.#scannedFrom = [];
    this.#scanned = [];
  }

  /** Adds events that were parsed: one with a text of its own, or several. */
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

/** Which of rising numbers is the last that is not above another; -1 where all are. */
function lastFrom(numbers: readonly number[], most: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! <= most) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
