import { createHash, hash } from 'node:crypto';
import type { ListeningEvent } from '../domain/event.js';
import { guidKey, isGuid } from '../domain/guid.js';
import { writeGuid } from '../domain/guid-words.js';
import { ID_WORDS, ID_WORDS_AN_EVENT, type PlainEvents } from '../domain/plain-events.js';
import type { Session, SessionEvent } from '../domain/session.js';
import { PRINT_BYTES } from '../sessions/seen.js';
import { EVENT_FIELDS, fromWire, type WireEvent } from '../wire/event.js';
import { wireFields } from '../wire/fields.js';

/** A sound event in doubles: the ids, Position, SeqNumber, Timestamp and Type. */
const EVENT_REALS = 10;
const EVENT_WORDS = 2 * EVENT_REALS;
const EVENT_BYTES = 4 * EVENT_WORDS;
const REAL = { position: 6, seqNumber: 7, timestamp: 8, stops: 9 } as const;
/** So many events are hashed at once. */
const BLOCK = 256;

const reals = new Float64Array(BLOCK * EVENT_REALS);
const words = new Uint32Array(reals.buffer);
const bytes = new Uint8Array(reals.buffer);

/** Tells two sessions' contents apart: the seven fields of the events by SeqNumber, ids without regard to case. */
export function fingerprint(session: Session): Uint8Array {
  const events = session.events.map((event) => event.sound ?? writtenEvent(event));
  if (!events.every((event) => event !== null)) return writtenPrint(session);
  return printOf(events.length, (from, at) => writeEvent(events[from]!, at));
}

/** An event that is not sound, though its seven fields are of the documented kinds: those alone are compared. */
function writtenEvent(event: SessionEvent): ListeningEvent | null {
  const fields = wireFields(event);
  const { OrganizationId, ClipId, SessionId, Type, Position, SeqNumber, Timestamp } = fields;
  const areKnown =
    [OrganizationId, ClipId, SessionId].every(isGuid) &&
    (Type === 'Start' || Type === 'Stop') &&
    [Position, SeqNumber, Timestamp].every(Number.isFinite);
  return areKnown ? fromWire(fields as WireEvent) : null;
}

/** The same of a session of sound events that a reader found: those in `order`. */
export function plainFingerprint(events: PlainEvents, order: readonly number[]): Uint8Array {
  return printOf(order.length, (from, at) => writePlain(events, order[from]!, at));
}

/** @param write Writes an event as the one in the block. */
function printOf(count: number, write: (event: number, inBlock: number) => void): Uint8Array {
  if (count <= BLOCK) {
    for (let i = 0; i < count; i += 1) write(i, i);
    // As a string it is half as long on its way as in a buffer of its own.
    return asBytes(hash('sha1', bytes.subarray(0, count * EVENT_BYTES), 'binary'));
  }
  const whole = createHash('sha1');
  for (let from = 0; from < count; from += BLOCK) {
    const some = Math.min(BLOCK, count - from);
    for (let i = 0; i < some; i += 1) write(from + i, i);
    whole.update(bytes.subarray(0, some * EVENT_BYTES));
  }
  return whole.digest().subarray(0, PRINT_BYTES);
}

function asBytes(print: string): Uint8Array {
  const these = new Uint8Array(PRINT_BYTES);
  for (let i = 0; i < PRINT_BYTES; i += 1) these[i] = print.charCodeAt(i);
  return these;
}

function writeEvent(event: ListeningEvent, inBlock: number): void {
  const at = inBlock * EVENT_WORDS;
  writeGuid(event.sessionId, words, at + ID_WORDS.session);
  writeGuid(event.clipId, words, at + ID_WORDS.clip);
  writeGuid(event.organizationId, words, at + ID_WORDS.organization);
  const { position, seqNumber, timestamp } = event;
  writeReals(inBlock, position, seqNumber, timestamp, event.type === 'Stop' ? 1 : 0);
}

function writePlain(events: PlainEvents, i: number, inBlock: number): void {
  const at = inBlock * EVENT_WORDS;
  const from = i * ID_WORDS_AN_EVENT;
  for (let word = 0; word < ID_WORDS_AN_EVENT; word += 1) words[at + word] = events.ids[from + word]!;
  writeReals(inBlock, events.positions[i]!, events.seqNumbers[i]!, events.timestamps[i]!, events.stops[i]!);
}

function writeReals(
  inBlock: number,
  position: number,
  seqNumber: number,
  timestamp: number,
  stops: number,
): void {
  const at = inBlock * EVENT_REALS;
  // JSON writes -0 as 0: they are the same here, too.
  reals[at + REAL.position] = position + 0;
  reals[at + REAL.seqNumber] = seqNumber + 0;
  reals[at + REAL.timestamp] = timestamp + 0;
  reals[at + REAL.stops] = stops;
}

/** Of a session with a field of another kind: its events are compared as they were written. */
function writtenPrint(session: Session): Uint8Array {
  const written = createHash('sha1');
  for (const event of session.events) {
    const fields = wireFields(event);
    written.update(
      JSON.stringify(
        EVENT_FIELDS.map((field) => {
          const value = fields[field];
          return isGuid(value) ? guidKey(value) : [typeof value, value];
        }),
      ),
    );
  }
  return written.digest().subarray(0, PRINT_BYTES);
}
