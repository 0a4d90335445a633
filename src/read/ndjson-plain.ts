import { sameGuid } from '../domain/guid-words.js';
import { ID_WORDS, ID_WORDS_AN_EVENT, type PlainEvents } from '../domain/plain-events.js';
import { EVENT_FIELDS, type EventField } from '../wire/event.js';

/*
 * The fast path for events, a line each. It only ever says "this is sound: here are its seven values" or "ask the general path"; a test
 * holds it to what the general path says. Without it everything is the same, and slower.
 */

const [QUOTE, COLON, COMMA, OPEN, CLOSE, DASH, POINT, ZERO] = Array.from('":,{}-.0', (char) =>
  char.charCodeAt(0),
) as [number, number, number, number, number, number, number, number];
const [SPACE, TAB, RETURN] = [0x20, 0x09, 0x0d];

const NO_DIGIT = 0xff;
const DIGITS = new Uint8Array(256).fill(NO_DIGIT);
for (const [value, digit] of Array.from('0123456789abcdef').entries()) DIGITS[digit.charCodeAt(0)] = value;

const GUID_LENGTH = 36;
/** So many decimal digits are a whole number that a double holds exactly, and ten to that power too. */
const EXACT_DIGITS = 15;
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power);
const SEQ_DIGITS = 9;
const LEAST_TIMESTAMP = 1e9;
const BEYOND_TIMESTAMP = 1e11;

const KEYS = EVENT_FIELDS.map((field) => Buffer.from(`${field}"`));
const START = Buffer.from('Start"');
const STOP = Buffer.from('Stop"');
const ALL = (1 << EVENT_FIELDS.length) - 1;

/** Shorter lines hold no event: three ids and seven names. */
export const LEAST_PLAIN_BYTES = 160;

/** Finds sound events in lines that are written plainly. */
export class PlainLines {
  readonly #latest: number;
  /** Where the last number that was read ended; -1 where it was none. */
  #end = 0;

  /** @param latest The latest Timestamp that is no finding. */
  constructor(latest: number) {
    this.#latest = latest;
  }

  /**
   * Adds the event of a line to `into`, which has room for it.
   * @param end Where the line ends: a line feed stands there.
   * @returns Whether it is one; false says nothing about the line.
   */
  take(bytes: Uint8Array, start: number, end: number, line: number, into: PlainEvents): boolean {
    const event = into.count;
    let at = afterSpace(bytes, start);
    if (bytes[at] !== OPEN || at - start >= 0xffff) return false;
    into.columns[event] = at - start + 1;
    let seen = 0;
    for (let turn = 0; ; turn += 1) {
      at = afterSpace(bytes, at + 1);
      if (bytes[at] !== QUOTE) return false;
      const field = fieldAt(bytes, at + 1, turn);
      if (field < 0 || (seen & (1 << field)) !== 0) return false;
      seen |= 1 << field;
      at = afterSpace(bytes, at + 1 + KEYS[field]!.length);
      if (bytes[at] !== COLON) return false;
      at = this.#value(bytes, afterSpace(bytes, at + 1), EVENT_FIELDS[field]!, into);
      if (at < 0) return false;
      at = afterSpace(bytes, at);
      if (bytes[at] === COMMA) continue;
      if (bytes[at] === CLOSE) break;
      return false;
    }
    if (seen !== ALL || afterSpace(bytes, at + 1) !== end || !hasUsableIds(into.ids, event)) return false;
    into.lines[event] = line;
    into.count += 1;
    return true;
  }

  /** Reads a field's value; gives where it ends, or -1. */
  #value(bytes: Uint8Array, at: number, field: EventField, into: PlainEvents): number {
    const event = into.count;
    switch (field) {
      case 'OrganizationId':
        return guidAt(bytes, at, into.ids, event * ID_WORDS_AN_EVENT + ID_WORDS.organization);
      case 'ClipId':
        return guidAt(bytes, at, into.ids, event * ID_WORDS_AN_EVENT + ID_WORDS.clip);
      case 'SessionId':
        return guidAt(bytes, at, into.ids, event * ID_WORDS_AN_EVENT + ID_WORDS.session);
      case 'Type': {
        if (bytes[at] !== QUOTE) return -1;
        const stops = isAt(bytes, at + 1, STOP);
        if (!stops && !isAt(bytes, at + 1, START)) return -1;
        into.stops[event] = stops ? 1 : 0;
        return at + 1 + (stops ? STOP.length : START.length);
      }
      case 'Position':
        into.positions[event] = this.#decimal(bytes, at);
        return this.#end;
      case 'SeqNumber': {
        const seqNumber = this.#whole(bytes, at, SEQ_DIGITS);
        into.seqNumbers[event] = seqNumber;
        return seqNumber >= 1 ? this.#end : -1;
      }
      case 'Timestamp': {
        const timestamp = this.#whole(bytes, at, EXACT_DIGITS);
        into.timestamps[event] = timestamp;
        const known = timestamp >= LEAST_TIMESTAMP && timestamp < BEYOND_TIMESTAMP;
        return known && timestamp <= this.#latest ? this.#end : -1;
      }
    }
  }

  /** A whole number without sign, point or exponent. */
  #whole(bytes: Uint8Array, from: number, mostDigits: number): number {
    let at = from;
    let value = 0;
    for (let digit = DIGITS[bytes[at]!]!; digit < 10; digit = DIGITS[bytes[at]!]!) {
      value = value * 10 + digit;
      at += 1;
    }
    const digits = at - from;
    const zeroFirst = digits > 1 && bytes[from] === ZERO;
    this.#end = digits === 0 || digits > mostDigits || zeroFirst || !endsNumber(bytes[at]!) ? -1 : at;
    return this.#end < 0 ? -1 : value;
  }

  /** A number without sign and exponent, with few enough digits that dividing gives just what JSON.parse gives. */
  #decimal(bytes: Uint8Array, from: number): number {
    let at = from;
    let value = 0;
    let point = -1;
    for (;;) {
      const digit = DIGITS[bytes[at]!]!;
      if (digit < 10) value = value * 10 + digit;
      else if (bytes[at] === POINT && point < 0) point = at;
      else break;
      at += 1;
    }
    const whole = (point < 0 ? at : point) - from;
    const fraction = point < 0 ? 0 : at - point - 1;
    const sound =
      whole > 0 &&
      (point < 0 || fraction > 0) &&
      whole + fraction <= EXACT_DIGITS &&
      (whole === 1 || bytes[from] !== ZERO) &&
      endsNumber(bytes[at]!);
    this.#end = sound ? at : -1;
    return value / POWERS[sound ? fraction : 0]!;
  }
}

function afterSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === SPACE || bytes[at] === TAB || bytes[at] === RETURN) at += 1;
  return at;
}

/** The field whose name stands at a place, `turn` being the likeliest; -1 where it is none. */
function fieldAt(bytes: Uint8Array, at: number, turn: number): number {
  if (turn < KEYS.length && isAt(bytes, at, KEYS[turn]!)) return turn;
  return KEYS.findIndex((key) => isAt(bytes, at, key));
}

function isAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** Reads a GUID in quotes, in lower case; gives where it ends, or -1. */
function guidAt(bytes: Uint8Array, quote: number, words: Uint32Array, to: number): number {
  const at = quote + 1;
  const end = at + GUID_LENGTH;
  if (bytes[quote] !== QUOTE || bytes[end] !== QUOTE) return -1;
  if (bytes[at + 8] !== DASH || bytes[at + 13] !== DASH) return -1;
  if (bytes[at + 18] !== DASH || bytes[at + 23] !== DASH) return -1;
  const a = halfWordAt(bytes, at);
  const b = halfWordAt(bytes, at + 4);
  const c = halfWordAt(bytes, at + 9);
  const d = halfWordAt(bytes, at + 14);
  const e = halfWordAt(bytes, at + 19);
  const f = halfWordAt(bytes, at + 24);
  const g = halfWordAt(bytes, at + 28);
  const h = halfWordAt(bytes, at + 32);
  if ((a | b | c | d | e | f | g | h) < 0) return -1;
  words[to] = (a << 16) | b;
  words[to + 1] = (c << 16) | d;
  words[to + 2] = (e << 16) | f;
  words[to + 3] = (g << 16) | h;
  return end + 1;
}

/** Four hexadecimal digits; -1 where one is none. */
function halfWordAt(bytes: Uint8Array, at: number): number {
  const a = DIGITS[bytes[at]!]!;
  const b = DIGITS[bytes[at + 1]!]!;
  const c = DIGITS[bytes[at + 2]!]!;
  const d = DIGITS[bytes[at + 3]!]!;
  return (a | b | c | d) > 15 ? -1 : (a << 12) | (b << 8) | (c << 4) | d;
}

/** None of the ids is all zeros, and the SessionId is neither of the others. */
function hasUsableIds(ids: Uint32Array, event: number): boolean {
  const session = event * ID_WORDS_AN_EVENT + ID_WORDS.session;
  const clip = event * ID_WORDS_AN_EVENT + ID_WORDS.clip;
  const organization = event * ID_WORDS_AN_EVENT + ID_WORDS.organization;
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

/** Whether a byte may follow a number: JSON.parse refuses others, or reads more than was read here. */
function endsNumber(byte: number): boolean {
  return byte === COMMA || byte === CLOSE || byte === SPACE || byte === TAB || byte === RETURN;
}
