import {
  ABSENT_FLAG,
  EVENT_FLAG,
  type EventBatch,
  ID_FIELDS,
  ID_WORDS,
  type IdName,
  NO_SOURCE,
  OTHER_SOURCE,
  SOURCES,
  UPPER_FLAG,
  WORDS_PER_EVENT,
} from '../domain/event-batch.js';
import { guidKey, isEmptyGuid, isGuid, LETTER_CASE, parseGuid } from '../domain/guid.js';
import type { Session } from '../domain/session.js';
import { EVENT_FIELDS, type EventField, type WireEvent } from './event.js';
import { isJsonObject, type JsonObject } from './json.js';

const ID_NAMES = Object.keys(ID_WORDS) as readonly IdName[];

/** How an event was received. */
export interface EventForm {
  /** Whether it is a bare event, which can have its own `Source`. */
  readonly bare: boolean;
  /** Whether it has no SeqNumber, and gets one when its session is complete. */
  readonly unnumbered?: boolean | undefined;
  /** The JSON value before it was changed; absent if it was not changed. */
  readonly original?: unknown;
}

/**
 * Adds an event, which is a JSON value, to the columns. If they cannot hold the whole event, its value is also kept in
 * `raws`. Returns the index in the batch; the caller must set line, column and element.
 */
export function addEvent(
  batch: EventBatch,
  value: unknown,
  { bare, unnumbered = false, original }: EventForm,
): number {
  const i = batch.push();
  const fields: JsonObject = isJsonObject(value) ? value : NO_FIELDS;
  let flags: number = unnumbered ? EVENT_FLAG.unnumbered : 0;
  let plain = original === undefined && fields !== NO_FIELDS;
  for (const name of ID_NAMES) {
    const id = fields[ID_FIELDS[name]];
    const at = i * WORDS_PER_EVENT + ID_WORDS[name];
    const letterCase = typeof id === 'string' ? readId(name, id, batch.ids, at) : -1;
    if (letterCase < 0) {
      batch.ids.fill(0, at, at + 4);
      flags |= ABSENT_FLAG[name];
      plain = false;
    } else if (letterCase === LETTER_CASE.upper) flags |= UPPER_FLAG[name];
    else if (letterCase === LETTER_CASE.both) plain = false;
  }
  if (fields.Type === 'Stop') flags |= EVENT_FLAG.stop;
  else if (fields.Type !== 'Start') {
    flags |= EVENT_FLAG.noType;
    plain = false;
  }
  batch.positions[i] = numberOr(fields.Position);
  batch.timestamps[i] = numberOr(fields.Timestamp);
  batch.seqNumbers[i] = unnumbered ? Number.NaN : numberOr(fields.SeqNumber);
  if (typeof fields.Position !== 'number' || typeof fields.Timestamp !== 'number') plain = false;
  if (!unnumbered && typeof fields.SeqNumber !== 'number') plain = false;
  let known = EVENT_FIELDS.length - (unnumbered ? 1 : 0);
  if (bare && Object.hasOwn(fields, 'Source')) {
    known += 1;
    const place = sourceNumber(fields.Source);
    batch.sources[i] = place;
    // A `Source` of null counts as absent: databases write absent values as null.
    if (place === OTHER_SOURCE || (place === NO_SOURCE && fields.Source !== null)) plain = false;
  }
  if (plain && Object.keys(fields).length !== known) plain = false;
  if (!plain) {
    flags |= EVENT_FLAG.raw;
    batch.raws.set(i, original === undefined ? { value } : { value, original });
  }
  batch.flags[i] = flags;
  return i;
}

/** The last id of each kind, because most events repeat the ids of the event before. */
const LAST = Object.fromEntries(
  ID_NAMES.map((name) => [name, { text: '', words: new Uint32Array(4), letterCase: -1 }]),
) as Record<IdName, { text: string; readonly words: Uint32Array; letterCase: number }>;

/** Writes an id as four words. @returns its letter case; -1 where it is not a GUID */
function readId(name: IdName, id: string, ids: Uint32Array, at: number): number {
  const last = LAST[name];
  if (id !== last.text) {
    last.letterCase = parseGuid(id, last.words, 0);
    // A text that is not an id can be very long, so it is not kept.
    last.text = last.letterCase < 0 ? '' : id;
  }
  for (let word = 0; word < 4; word += 1) ids[at + word] = last.words[word]!;
  return last.letterCase;
}

/** The number in the column of Sources for a bare event's Source. */
export function sourceNumber(source: unknown): number {
  if (typeof source !== 'string') return NO_SOURCE;
  const place = (SOURCES as readonly string[]).indexOf(source);
  return place < 0 ? OTHER_SOURCE : place + 1;
}

const NO_FIELDS: JsonObject = {};

function numberOr(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** The form in which an event's SessionId is compared; null where it is unusable: not a GUID, or all zeros. */
export function sessionKeyOf(value: unknown): string | null {
  const id = isJsonObject(value) ? value[ID_FIELDS.session] : null;
  return isGuid(id) && !isEmptyGuid(id) ? guidKey(id) : null;
}

/** Event `i` of a session as the JSON value that was read; its seven fields if the columns hold it completely. */
export function eventValue(session: Session, i: number): unknown {
  if (!session.isRaw(i)) return wireEvent(session, i);
  const { value } = session.raw(i);
  return session.isValid(i) && !hasMore(value, session) ? wireEvent(session, i) : value;
}

/**
 * Whether a valid event has properties that the document does not define; the Source of a bare event is this program's
 * addition.
 */
function hasMore(value: unknown, { request }: Session): boolean {
  if (!isJsonObject(value)) return false;
  return Object.keys(value).some(
    (name) => !(EVENT_FIELDS as readonly string[]).includes(name) && !(request === null && name === 'Source'),
  );
}

/** Only the seven documented fields of event `i`. If the event is not well formed, those that it has, unchanged. */
export function documentedFields(
  session: Session,
  i: number,
): Readonly<Partial<Record<EventField, unknown>>> {
  if (!session.isRaw(i) || session.isValid(i)) return wireEvent(session, i);
  const { value } = session.raw(i);
  const fields: Partial<Record<EventField, unknown>> = {};
  if (!isJsonObject(value)) return fields;
  for (const field of EVENT_FIELDS) if (Object.hasOwn(value, field)) fields[field] = value[field];
  return fields;
}

/** The seven fields of a well-formed event of a session. */
export function wireEvent(session: Session, i: number): WireEvent {
  return {
    OrganizationId: session.idOf(i, 'organization') ?? '',
    ClipId: session.idOf(i, 'clip') ?? '',
    SessionId: session.idOf(i, 'session') ?? '',
    Type: session.isStop(i) ? 'Stop' : 'Start',
    Position: session.positions[i]!,
    SeqNumber: session.seqNumbers[i]!,
    Timestamp: session.timestamps[i]!,
  };
}
