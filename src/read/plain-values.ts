import { sameGuid } from '../domain/guid-words.js';
import { ID_WORDS, ID_WORDS_AN_EVENT, PlainEvents, UPPER } from '../domain/plain-events.js';
import { SOURCES } from '../wire/body.js';
import type { EventField } from '../wire/event.js';
import { readPlainGuid, sameText } from './plain-text.js';

const ZERO = '0'.charCodeAt(0);
const POINT = '.'.charCodeAt(0);
const GUID_LENGTH = 36;
const START = Buffer.from('Start');
const [STAR, STOP] = [START.readUInt32LE(0), Buffer.from('Stop').readUInt32LE(0)];
const LAST_OF_START = START[4];
const SOURCE_TEXTS = SOURCES.map((source) => Buffer.from(source));

/** So many decimal digits are a whole number that a double holds exactly, and ten to that power too. */
const EXACT_DIGITS = 15;
/** A number with more is not plain. */
const MOST_DIGITS = 40;
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);
const SEQ_DIGITS = 9;
const LEAST_TIMESTAMP = 1e9;
const BEYOND_TIMESTAMP = 1e11;

/** What an event holds that is read: the seven fields, and the Source that is ours. */
export type PlainField = EventField | 'Source';

/** No value of a plain event takes more bytes, those of all together no more than this. */
export const MOST_VALUE_BYTES = 256;

/**
 * Reads the values of sound events from bytes into columns: GUIDs in one case, decimals without sign and exponent, documented words. What
 * is written otherwise, or is a finding, is not read.
 */
export class PlainValues {
  readonly #latest: number;
  #events = new PlainEvents(0);
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** The ids that were read last, and where each stands in the same bytes: they often repeat. */
  readonly #ids = new Uint32Array(ID_WORDS_AN_EVENT);
  readonly #idsAt = new Int32Array(ID_WORDS_AN_EVENT);
  readonly #idsUpper = new Uint8Array(ID_WORDS_AN_EVENT);
  /** Where the last number that was read ended; -1 where it was none. */
  #end = 0;

  /** @param latest The latest Timestamp that is no finding. */
  constructor(latest: number) {
    this.#latest = latest;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get view(): DataView {
    return this.#view;
  }

  /** Turns to other bytes, and to the columns that take their events. */
  begin(bytes: Uint8Array, events: PlainEvents): void {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#events = events;
    this.#idsAt.fill(-1);
  }

  /** Begins another event. */
  open(): void {
    const { upper, sources, count } = this.#events;
    upper[count] = 0;
    sources[count] = 0;
  }

  /** Reads a field of the event; gives where its value ends, or -1 where it is not plain. */
  read(field: PlainField, at: number): number {
    const { count, positions, seqNumbers, timestamps } = this.#events;
    switch (field) {
      case 'OrganizationId':
        return this.#guid(at, ID_WORDS.organization, UPPER.organization);
      case 'ClipId':
        return this.#guid(at, ID_WORDS.clip, UPPER.clip);
      case 'SessionId':
        return this.#guid(at, ID_WORDS.session, UPPER.session);
      case 'Type':
        return this.#type(at);
      case 'Position':
        positions[count] = this.#decimal(at);
        return this.#end;
      case 'SeqNumber': {
        const seqNumber = this.#whole(at, SEQ_DIGITS);
        seqNumbers[count] = seqNumber;
        return seqNumber >= 1 ? this.#end : -1;
      }
      case 'Timestamp': {
        const timestamp = this.#whole(at, EXACT_DIGITS);
        timestamps[count] = timestamp;
        const known = timestamp >= LEAST_TIMESTAMP && timestamp < BEYOND_TIMESTAMP;
        return known && timestamp <= this.#latest ? this.#end : -1;
      }
      case 'Source':
        return this.#source(at);
    }
  }

  /** Ends an event all of whose fields have been read; gives whether it counts. */
  close(line: number, column: number): boolean {
    const { ids, lines, columns, count } = this.#events;
    if (!hasUsableIds(ids, count * ID_WORDS_AN_EVENT)) return false;
    lines[count] = line;
    columns[count] = column;
    this.#events.count += 1;
    return true;
  }

  #guid(at: number, word: number, upper: number): number {
    const end = at + GUID_LENGTH;
    if (end > this.#bytes.length) return -1;
    const known = this.#idsAt[word]!;
    if (known < 0 || !sameText(this.#view, known, this.#view, at, GUID_LENGTH)) {
      this.#idsAt[word] = -1;
      const letters = readPlainGuid(this.#view, at, this.#ids, word);
      if (letters < 0) return -1;
      this.#idsUpper[word] = letters === 0 ? 0 : upper;
      this.#idsAt[word] = at;
    }
    const { ids, upper: cases, count } = this.#events;
    const to = count * ID_WORDS_AN_EVENT + word;
    ids[to] = this.#ids[word]!;
    ids[to + 1] = this.#ids[word + 1]!;
    ids[to + 2] = this.#ids[word + 2]!;
    ids[to + 3] = this.#ids[word + 3]!;
    cases[count]! |= this.#idsUpper[word]!;
    return end;
  }

  #type(at: number): number {
    if (at + START.length > this.#bytes.length) return -1;
    const four = this.#view.getUint32(at, true);
    const stops = four === STOP;
    if (!stops && (four !== STAR || this.#bytes[at + 4] !== LAST_OF_START)) return -1;
    this.#events.stops[this.#events.count] = stops ? 1 : 0;
    return at + (stops ? 4 : 5);
  }

  #source(at: number): number {
    const letters = lettersAt(this.#bytes, at);
    const source = SOURCE_TEXTS.findIndex(
      (text) => text.length === letters && text.every((byte, i) => this.#bytes[at + i] === byte),
    );
    this.#events.sources[this.#events.count] = source + 1;
    return source < 0 ? -1 : at + letters;
  }

  /** A whole number without sign, point or exponent. */
  #whole(from: number, mostDigits: number): number {
    const bytes = this.#bytes;
    let at = from;
    let value = 0;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit < 10; digit = bytes[at]! - ZERO) {
      value = value * 10 + digit;
      at += 1;
    }
    const digits = at - from;
    const zeroFirst = digits > 1 && bytes[from] === ZERO;
    this.#end = digits === 0 || digits > mostDigits || zeroFirst ? -1 : at;
    return this.#end < 0 ? -1 : value;
  }

  /** A number without sign and exponent. Of few digits dividing gives just what JSON.parse gives. */
  #decimal(from: number): number {
    const bytes = this.#bytes;
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
    const sound =
      whole > 0 &&
      (point < 0 || fraction > 0) &&
      whole + fraction <= MOST_DIGITS &&
      (whole === 1 || bytes[from] !== ZERO);
    this.#end = sound ? at : -1;
    if (sound && whole + fraction > EXACT_DIGITS) return Number(asText(bytes, from, at));
    return value / POWERS[sound ? fraction : 0]!;
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

/** None of the ids is all zeros, and the SessionId is neither of the others. */
function hasUsableIds(ids: Uint32Array, at: number): boolean {
  const session = at + ID_WORDS.session;
  const clip = at + ID_WORDS.clip;
  const organization = at + ID_WORDS.organization;
  return (
    !isEmpty(ids, session) &&
    !isEmpty(ids, clip) &&
    !isEmpty(ids, organization) &&
    !sameGuid(ids, session, ids, clip) &&
    !sameGuid(ids, session, ids, organization)
  );
}

function isEmpty(ids: Uint32Array, at: number): boolean {
  return (ids[at]! | ids[at + 1]! | ids[at + 2]! | ids[at + 3]!) === 0;
}
