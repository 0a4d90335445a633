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

/** How an event came. */
export interface EventForm {
  /** A bare event, which may carry a `Source` of its own. */
  readonly bare: boolean;
  /** It has no SeqNumber of its own, and is given one when its session is whole. */
  readonly unnumbered?: boolean | undefined;
  /** The JSON value before it was changed on the way; absent where it was not. */
  readonly original?: unknown;
}

/**
 * Puts an event that is a JSON value into columns, as far as they can hold it: what they do not say is kept beside them, as it was written.
 * Gives its place in the batch; line, column and element are the caller's to fill.
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
    // A `Source` of null is an absent one, as databases write it.
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

/** The id of each kind that was read last: most events repeat those of the event before. */
const LAST = Object.fromEntries(
  ID_NAMES.map((name) => [name, { text: '', words: new Uint32Array(4), letterCase: -1 }]),
) as Record<IdName, { text: string; readonly words: Uint32Array; letterCase: number }>;

/** Puts an id into four words. @returns its letter case; -1 where it is no GUID */
function readId(name: IdName, id: string, ids: Uint32Array, at: number): number {
  const last = LAST[name];
  if (id !== last.text) {
    last.letterCase = parseGuid(id, last.words, 0);
    // A text that is no id can be very long.
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

/** The form in which an event's SessionId is compared; null where it is unusable: no GUID, or all zeros. */
export function sessionKeyOf(value: unknown): string | null {
  const id = isJsonObject(value) ? value[ID_FIELDS.session] : null;
  return isGuid(id) && !isEmptyGuid(id) ? guidKey(id) : null;
}

/** Event `i` of a session as the JSON value that was read; of one that columns say whole, its seven fields. */
export function eventValue(session: Session, i: number): unknown {
  if (!session.isRaw(i)) return wireEvent(session, i);
  const { value } = session.raw(i);
  return session.isValid(i) && !hasMore(value, session) ? wireEvent(session, i) : value;
}

/** Whether a valid event has properties that the document does not define; the Source of a bare event is ours. */
function hasMore(value: unknown, { request }: Session): boolean {
  if (!isJsonObject(value)) return false;
  return Object.keys(value).some(
    (name) => !(EVENT_FIELDS as readonly string[]).includes(name) && !(request === null && name === 'Source'),
  );
}

/**
 * The seven documented fields of event `i` and no others. If the event is not well formed, the ones it has,
 * unchanged.
 */
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
