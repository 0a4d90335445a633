import {
  EVENT_FLAG,
  type EventBatch,
  ID_WORDS,
  NO_ELEMENT,
  NO_SOURCE,
  SOURCES,
  UPPER_FLAG,
  WORDS_PER_EVENT,
} from '../../domain/event-batch.js';
import type { EventField } from '../../wire/event.js';
import { sameText, scanGuid } from './bytes.js';

const ZERO = '0'.charCodeAt(0);
const POINT = '.'.charCodeAt(0);
export const GUID_LENGTH = 36;
const START = Buffer.from('Start');
const [STAR, STOP] = [START.readUInt32LE(0), Buffer.from('Stop').readUInt32LE(0)];
const LAST_OF_START = START[4];
const SOURCE_TEXTS = SOURCES.map((source) => Buffer.from(source));

/** A whole number with this many digits is exact in a double, and so is ten to that power. */
const EXACT_DIGITS = 15;
const MAX_DIGITS = 40;
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);

const FIRST_CAPACITY = 64;

/** The fields that the scanner reads: the seven fields of an event, and the Source of a bare event. */
export type ScannedField = EventField | 'Source';

/** The scanner reads no value with more bytes than this. */
export const MAX_VALUE_BYTES = 256;

/**
 * Reads the values of events from bytes into the columns of a batch: GUIDs in one letter case, decimals without sign
 * and exponent, the documented words. It rejects any other form.
 */
export class ValueScanner {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Where in the bytes each event of the batch begins; only for events that were read from these bytes. */
  starts = new Uint32Array(0);
  /** The last ids and their places in the same bytes: ids often repeat. */
  readonly #ids = new Uint32Array(WORDS_PER_EVENT);
  readonly #idsAt = new Int32Array(WORDS_PER_EVENT);
  readonly #idsUpper = new Uint8Array(WORDS_PER_EVENT);
  /** The layout of the event before, null where it is not known, and where the event begins. */
  #lastLayout: object | null = null;
  #last = 0;
  /** Where the last number ended; -1 if it was not a number. */
  #end = 0;

  /** @param events The batch to which the events are added. */
  constructor(readonly events: EventBatch) {}

  /** Starts with other bytes. */
  begin(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#idsAt.fill(-1);
    this.#lastLayout = null;
  }

  /** Begins another event. */
  open(): void {
    this.#lastLayout = null;
    const { events } = this;
    const { count } = events;
    if (count === events.capacity) events.reserve(Math.max(FIRST_CAPACITY, 2 * count));
    if (this.starts.length < events.capacity) {
      const { starts } = this;
      this.starts = new Uint32Array(events.capacity);
      this.starts.set(starts);
    }
    events.flags[count] = 0;
    events.sources[count] = NO_SOURCE;
    events.elements[count] = NO_ELEMENT;
  }

  /** Reads a field of the event. Returns where its value ends; -1 where the value cannot be read. */
  read(field: ScannedField, at: number): number {
    const { count, positions, seqNumbers, timestamps } = this.events;
    switch (field) {
      case 'OrganizationId':
        return this.#guid(at, ID_WORDS.organization, UPPER_FLAG.organization);
      case 'ClipId':
        return this.#guid(at, ID_WORDS.clip, UPPER_FLAG.clip);
      case 'SessionId':
        return this.#guid(at, ID_WORDS.session, UPPER_FLAG.session);
      case 'Type':
        return this.#type(at);
      case 'Position':
        this.#decimal(at, positions, count);
        return this.#end;
      case 'SeqNumber':
        seqNumbers[count] = this.#whole(at);
        return this.#end;
      case 'Timestamp': {
        const seconds = this.#whole(at);
        if (this.#end >= 0 && this.bytes[this.#end] === POINT) this.#decimal(at, timestamps, count);
        else timestamps[count] = seconds;
        return this.#end;
      }
      case 'Source':
        return this.#source(at);
    }
  }

  /** Adds the event to the batch; call it after all its fields were read. @param start Where in the bytes the event begins. */
  close(start: number, line: number, column: number): void {
    const { events } = this;
    const { count } = events;
    this.starts[count] = start;
    events.lines[count] = line;
    events.columns[count] = column;
    events.count = count + 1;
  }

  /** Notes the layout of the event that was closed last, and where it begins. */
  noteLast(layout: object, start: number): void {
    this.#lastLayout = layout;
    this.#last = start;
  }

  /** Whether the last event had the same layout, and the next event begins with the same bytes. */
  beginsLikeTheLast(layout: object, start: number, length: number): boolean {
    return (
      length > 0 && this.#lastLayout === layout && sameText(this.view, this.#last, this.view, start, length)
    );
  }

  /** Copies the ids that were read last into the event. */
  repeatIds(): void {
    const { ids, flags, count } = this.events;
    const to = count * WORDS_PER_EVENT;
    for (let word = 0; word < WORDS_PER_EVENT; word += 1) ids[to + word] = this.#ids[word]!;
    const upper = this.#idsUpper;
    flags[count] = upper[ID_WORDS.session]! | upper[ID_WORDS.clip]! | upper[ID_WORDS.organization]!;
  }

  #guid(at: number, word: number, upper: number): number {
    const end = at + GUID_LENGTH;
    if (end > this.bytes.length) return -1;
    const known = this.#idsAt[word]!;
    if (known < 0 || !sameText(this.view, known, this.view, at, GUID_LENGTH)) {
      this.#idsAt[word] = -1;
      const letters = scanGuid(this.view, at, this.#ids, word);
      if (letters < 0) return -1;
      this.#idsUpper[word] = letters === 0 ? 0 : upper;
      this.#idsAt[word] = at;
    }
    const { ids, flags, count } = this.events;
    const to = count * WORDS_PER_EVENT + word;
    ids[to] = this.#ids[word]!;
    ids[to + 1] = this.#ids[word + 1]!;
    ids[to + 2] = this.#ids[word + 2]!;
    ids[to + 3] = this.#ids[word + 3]!;
    flags[count]! |= this.#idsUpper[word]!;
    return end;
  }

  #type(at: number): number {
    if (at + START.length > this.bytes.length) return -1;
    const four = this.view.getUint32(at, true);
    const stops = four === STOP;
    if (!stops && (four !== STAR || this.bytes[at + 4] !== LAST_OF_START)) return -1;
    if (stops) this.events.flags[this.events.count]! |= EVENT_FLAG.stop;
    return at + (stops ? 4 : 5);
  }

  #source(at: number): number {
    const letters = lettersAt(this.bytes, at);
    const source = SOURCE_TEXTS.findIndex(
      (text) => text.length === letters && text.every((byte, i) => this.bytes[at + i] === byte),
    );
    this.events.sources[this.events.count] = source + 1;
    return source < 0 ? -1 : at + letters;
  }

  /** A whole number without sign, point or exponent, of few digits. */
  #whole(from: number): number {
    const { bytes } = this;
    let at = from;
    let value = 0;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit < 10; digit = bytes[at]! - ZERO) {
      value = value * 10 + digit;
      at += 1;
    }
    const digits = at - from;
    const zeroFirst = digits > 1 && bytes[from] === ZERO;
    this.#end = digits === 0 || digits > EXACT_DIGITS || zeroFirst ? -1 : at;
    return value;
  }

  /** Reads a number without sign and exponent into a column. With few digits, a division gives the same double as JSON.parse. */
  #decimal(from: number, column: Float64Array, i: number): void {
    const { bytes } = this;
    let at = from;
    let value = 0;
    let point = -1;
    for (;;) {
      const digit = bytes[at]! - ZERO;
      if (digit >= 0 && digit < 10) value = value * 10 + digit;
      else if (bytes[at] === POINT && point < 0) point = at;
      else break;
      at += 1;
    }
    const whole = (point < 0 ? at : point) - from;
    const fraction = point < 0 ? 0 : at - point - 1;
    const wellFormed =
      whole > 0 &&
      (point < 0 || fraction > 0) &&
      whole + fraction <= MAX_DIGITS &&
      (whole === 1 || bytes[from] !== ZERO);
    this.#end = wellFormed ? at : -1;
    if (!wellFormed) return;
    column[i] = whole + fraction > EXACT_DIGITS ? Number(asText(bytes, from, at)) : value / POWERS[fraction]!;
  }
}

function asText({ buffer, byteOffset }: Uint8Array, from: number, to: number): string {
  return Buffer.from(buffer, byteOffset + from, to - from).toString('latin1');
}

function lettersAt(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at]! | 0x20) >= 0x61 && (bytes[at]! | 0x20) <= 0x7a) at += 1;
  return at - from;
}
