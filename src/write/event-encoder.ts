import { EVENT_FLAG, ID_WORDS, NO_SOURCE, OTHER_SOURCE, WORDS_PER_EVENT } from '../domain/event-batch.js';
import { putGuid } from '../domain/guid.js';
import type { Session } from '../domain/session.js';
import { documentedFields, eventValue, wireEvent } from '../wire/event-columns.js';
import { isJsonObject, jsonText } from '../wire/json.js';
import type { EventLayout } from './formats.js';

const FIRST_BYTES = 64 * 1024;

/**
 * The maximum size of an event without its end: three ids, three numbers of at most 25 digits, and the text between.
 */
const EVENT_BYTES = 512;

const UPPER = EVENT_FLAG.upperOrganization | EVENT_FLAG.upperClip | EVENT_FLAG.upperSession;
const NOT_NUMBERED = EVENT_FLAG.unnumbered | EVENT_FLAG.invalid;

/** Writes events of sessions as bytes, one after the other into the same memory. */
export class EventEncoder {
  readonly #layout: EventLayout;
  readonly #defaultSource: string | undefined;
  readonly #first: Uint8Array;
  readonly #between: Uint8Array;
  readonly #beforeOrganization: Uint8Array;
  readonly #beforeClip: Uint8Array;
  readonly #beforeSession: Uint8Array;
  readonly #start: Uint8Array;
  readonly #stop: Uint8Array;
  readonly #seqNumber: Uint8Array;
  readonly #timestamp: Uint8Array;
  /** The text after the Timestamp, by the number in the column of Sources. */
  readonly #ends: Uint8Array[] = [];
  /** The same text for the last Source that was not a documented one. */
  #textEnd: { readonly source: string | undefined; readonly bytes: Uint8Array } | null = null;

  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;
  #count = 0;
  /** Where the last ids were written (-1: nowhere), and which ids and letter cases they are. */
  #idsFrom = -1;
  #idsTo = 0;
  readonly #ids = new Uint32Array(WORDS_PER_EVENT);
  #cases = 0;

  /** @param defaultSource The Source of events without one; if absent, these events are written without a Source. */
  constructor(layout: EventLayout, defaultSource?: string) {
    this.#layout = layout;
    this.#defaultSource = defaultSource;
    this.#first = Buffer.from(layout.first);
    this.#between = Buffer.from(layout.between);
    this.#beforeOrganization = Buffer.from(layout.ids[0]);
    this.#beforeClip = Buffer.from(layout.ids[1]);
    this.#beforeSession = Buffer.from(layout.ids[2]);
    this.#start = Buffer.from(layout.start);
    this.#stop = Buffer.from(layout.stop);
    this.#seqNumber = Buffer.from(layout.seqNumber);
    this.#timestamp = Buffer.from(layout.timestamp);
  }

  /** How many bytes were written since the last `take`. */
  get length(): number {
    return this.#length;
  }

  /** How many events were written. */
  get count(): number {
    return this.#count;
  }

  /** Discards everything that was written: the next event is the first again. */
  begin(): void {
    this.#length = 0;
    this.#count = 0;
    this.#idsFrom = -1;
  }

  /** Writes event `i` of a session; false where the format cannot hold it. */
  add(session: Session, i: number): boolean {
    const flags = session.flags[i]!;
    if ((flags & EVENT_FLAG.raw) !== 0 || (flags & NOT_NUMBERED) === NOT_NUMBERED)
      return this.#addValue(session, i);
    const end = this.#endOf(session, i);
    this.#reserve(EVENT_BYTES + end.length);
    const bytes = this.#bytes;
    let at = putText(bytes, this.#length, this.#count === 0 ? this.#first : this.#between);
    at = this.#putIds(session, i, flags & UPPER, at);
    at = putText(bytes, at, (flags & EVENT_FLAG.stop) === 0 ? this.#start : this.#stop);
    at = putNumber(bytes, at, session.positions[i]!);
    at = putNumber(bytes, putText(bytes, at, this.#seqNumber), session.seqNumbers[i]!);
    at = putNumber(bytes, putText(bytes, at, this.#timestamp), session.timestamps[i]!);
    this.#length = putText(bytes, at, end);
    this.#count += 1;
    return true;
  }

  text(text: string): void {
    this.#reserve(Buffer.byteLength(text));
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** Returns the bytes that were written since the last `take`. They are valid until more is written. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.#idsFrom = -1;
    return taken;
  }

  /** Writes the ids. If they are those of the event before, which is the usual case, copies its bytes. */
  #putIds({ ids }: Session, i: number, cases: number, at: number): number {
    const bytes = this.#bytes;
    const from = i * WORDS_PER_EVENT;
    if (this.#idsFrom >= 0 && cases === this.#cases && this.#isSame(ids, from)) {
      bytes.copyWithin(at, this.#idsFrom, this.#idsTo);
      const to = at + this.#idsTo - this.#idsFrom;
      this.#idsFrom = at;
      this.#idsTo = to;
      return to;
    }
    for (let word = 0; word < WORDS_PER_EVENT; word += 1) this.#ids[word] = ids[from + word]!;
    this.#cases = cases;
    this.#idsFrom = at;
    let to = putText(bytes, at, this.#beforeOrganization);
    to = putGuid(ids, from + ID_WORDS.organization, (cases & EVENT_FLAG.upperOrganization) !== 0, bytes, to);
    to = putText(bytes, to, this.#beforeClip);
    to = putGuid(ids, from + ID_WORDS.clip, (cases & EVENT_FLAG.upperClip) !== 0, bytes, to);
    to = putText(bytes, to, this.#beforeSession);
    to = putGuid(ids, from + ID_WORDS.session, (cases & EVENT_FLAG.upperSession) !== 0, bytes, to);
    this.#idsTo = to;
    return to;
  }

  #isSame(ids: Uint32Array, from: number): boolean {
    for (let word = 0; word < WORDS_PER_EVENT; word += 1)
      if (ids[from + word] !== this.#ids[word]) return false;
    return true;
  }

  /** Writes an event that the columns do not hold completely. */
  #addValue(session: Session, i: number): boolean {
    const text = this.#layout.value(this.#valueOf(session, i));
    if (text === null) return false;
    this.text(this.#count === 0 ? this.#layout.first : this.#layout.between);
    this.text(text);
    this.#count += 1;
    return true;
  }

  #valueOf(session: Session, i: number): unknown {
    const { sourced } = this.#layout;
    let value: unknown;
    if (!session.isRaw(i)) {
      // The event came without a SeqNumber, and only a valid event is given one.
      const { SeqNumber: _, ...fields } = wireEvent(session, i);
      value = fields;
    } else value = sourced ? eventValue(session, i) : documentedFields(session, i);
    const source = sourced ? (session.sourceOf(i) ?? this.#defaultSource) : undefined;
    if (source === undefined || !isJsonObject(value) || Object.hasOwn(value, 'Source')) return value;
    return { ...value, Source: source };
  }

  #endOf(session: Session, i: number): Uint8Array {
    const { sourced } = this.#layout;
    const number = sourced && session.request === null ? session.sources[i]! : NO_SOURCE;
    if (!sourced || (session.request === null && number !== OTHER_SOURCE)) {
      this.#ends[number] ??= this.#made(sourced ? session.sourceOf(i) : undefined);
      return this.#ends[number];
    }
    const source = session.sourceOf(i);
    if (this.#textEnd === null || this.#textEnd.source !== source)
      this.#textEnd = { source, bytes: this.#made(source) };
    return this.#textEnd.bytes;
  }

  #made(source: string | undefined): Uint8Array {
    return Buffer.from(this.#layout.end(source ?? this.#defaultSource));
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}

const [ZERO, POINT] = Buffer.from('0.') as unknown as [number, number];

/** Writes text; returns where it ends. */
function putText(bytes: Uint8Array, at: number, text: Uint8Array): number {
  for (let index = 0; index < text.length; index += 1) bytes[at + index] = text[index]!;
  return at + text.length;
}

/** Writes a number in the form of `jsonText`; returns where it ends. */
export function putNumber(bytes: Buffer, at: number, value: number): number {
  if (isSmall(value)) return putWhole(bytes, at, value);
  const thousandths = Math.round(value * 1000);
  if (isSmall(thousandths) && thousandths / 1000 === value) return putThousandths(bytes, at, thousandths);
  return at + bytes.write(jsonText(value), at, 'latin1');
}

/** Whether a number is written only with digits, and fits 31 bits. */
function isSmall(value: number): boolean {
  return (value | 0) === value && value >= 0;
}

function putWhole(bytes: Uint8Array, at: number, value: number): number {
  let end = at + 1;
  for (let power = 10; value >= power; power *= 10) end += 1;
  let left = value;
  for (let place = end - 1; place >= at; place -= 1) {
    const rest = (left / 10) | 0;
    bytes[place] = ZERO + left - rest * 10;
    left = rest;
  }
  return end;
}

/** Writes a number of thousandths in the form of `String`. With so few digits, there is no shorter unique form. */
function putThousandths(bytes: Uint8Array, at: number, thousandths: number): number {
  const whole = (thousandths / 1000) | 0;
  const rest = thousandths - whole * 1000;
  let end = putWhole(bytes, at, whole);
  if (rest === 0) return end;
  bytes[end] = POINT;
  for (let left = rest, unit = 100; left > 0; unit /= 10) {
    const digit = (left / unit) | 0;
    end += 1;
    bytes[end] = ZERO + digit;
    left -= digit * unit;
  }
  return end + 1;
}
