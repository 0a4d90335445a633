import { createHash, hash } from 'node:crypto';
import { ABSENT_FLAG, EVENT_FLAG, ID_WORDS, type IdName, property } from '../domain/event-batch.js';
import { guidKey, isSimulatedId } from '../domain/guid.js';
import type { InputRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import { TIMESTAMPS, withIds } from '../wire/event.js';
import { type JsonObject, jsonText } from '../wire/json.js';
import type { EncodedSession } from '../write/encoded-session.js';

/** The changes to make before sending. */
export interface Rewriting {
  readonly newSessionIds: boolean;
  readonly setOrganization: string | undefined;
  readonly setClip: string | undefined;
}

export const NO_REWRITING: Rewriting = {
  newSessionIds: false,
  setOrganization: undefined,
  setClip: undefined,
};

/**
 * A session with the changes made; the same object if there is nothing to change.
 * @param moveMs Milliseconds to add to its times.
 */
export function rewritten(session: EncodedSession, how: Rewriting, moveMs = 0): EncodedSession {
  const { newSessionIds, setOrganization, setClip } = how;
  if (!newSessionIds && setOrganization === undefined && setClip === undefined && moveMs === 0)
    return session;
  const { source, organizationId, count, json, playedSeconds, longestIntervalSeconds, endedAt } = session;
  const key = newSessionIds ? newSessionId(session.key) : session.key;
  const ids = {
    organizationId: setOrganization,
    clipId: setClip,
    sessionId: newSessionIds ? key : undefined,
  };
  const events = JSON.parse(`[${json.toString()}]`) as unknown[];
  return {
    key,
    source,
    organizationId: setOrganization ?? organizationId,
    count,
    json: Buffer.from(events.map((event) => jsonText(moved(withIds(event, ids), moveMs))).join(',')),
    playedSeconds,
    longestIntervalSeconds,
    endedAt,
  };
}

function moved(event: unknown, byMs: number): unknown {
  const { Timestamp } = event as { readonly Timestamp?: unknown };
  if (byMs === 0 || typeof Timestamp !== 'number') return event;
  return { ...(event as object), Timestamp: (Math.round(Timestamp * 1000) + byMs) / 1000 };
}

/** The namespace of new SessionIds. Never change it: the same input would get other ids. */
const NAMESPACE = Buffer.from('6d1f0c3b9a5e4f27b8c2e07d54a1936e', 'hex');

/**
 * A new SessionId, always the same one for the same id: a version 5 UUID. For a simulated session, an id that is still
 * recognized as simulated.
 */
export function newSessionId(id: string): string {
  const bytes = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(guidKey(id))]), 'buffer');
  const simulated = isSimulatedId(id);
  if (simulated) bytes.writeUInt16BE(0x5eed, 0);
  bytes[6] = (bytes[6]! & 0x0f) | (simulated ? 0x80 : 0x50);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The bytes of a mark. So few are enough because marks are compared only within one SessionId. */
export const MARK_BYTES = 8;

/** The part of an event that is hashed: the words of its ids, its Type, and three numbers. */
const ROW = { type: 12, numbers: 7, words: 20, bytes: 80 } as const;
const FIRST_ROWS = 64;
const IDS = Object.entries(ID_WORDS) as [IdName, number][];
const TYPES = { start: 0, stop: 1, none: 2 } as const;

/** How many rows are hashed at a time if the events are already in order. */
const MAX_ROWS = 4096;

let words = new Uint32Array(FIRST_ROWS * ROW.words);
let numbers = new Float64Array(words.buffer);
let bytes = Buffer.from(words.buffer);

/**
 * A mark of a session's state: a hash of its events by SeqNumber, before they are rewritten and their times moved.
 * The case of ids, digits below the millisecond, and the order of the input make no difference.
 * @param movedMs Milliseconds that were added to its times.
 */
export function sessionMark(session: Session, movedMs: number): Buffer {
  const { count } = session;
  const plain = session.valid && !session.repeatsNumber;
  if (plain && count <= MAX_ROWS) return digest(rowsOf(session, 0, count, movedMs));
  const mark = createHash('sha256');
  if (plain) {
    for (let from = 0; from < count; from += MAX_ROWS)
      mark.update(rowsOf(session, from, Math.min(count, from + MAX_ROWS), movedMs));
  } else {
    const rows = rowsOf(session, 0, count, movedMs);
    for (const i of sorted(session, rows)) {
      mark.update(rows.subarray(i * ROW.bytes, (i + 1) * ROW.bytes));
      mark.update(writtenLine(session, i));
    }
    // Releases the memory that a large session needed.
    if (count > MAX_ROWS) makeRoom(FIRST_ROWS);
  }
  return mark.digest().subarray(0, MARK_BYTES);
}

/** The mark of a rewritten session. @param mark The session's mark before rewriting. */
export function rewrittenMark(mark: Uint8Array, rewriting: Rewriting): Uint8Array {
  const { newSessionIds, setOrganization, setClip } = rewriting;
  if (!newSessionIds && setOrganization === undefined && setClip === undefined) return mark;
  const how = `${newSessionIds ? 'new' : ''} ${guidKey(setOrganization ?? '')} ${guidKey(setClip ?? '')}`;
  return digest(Buffer.concat([mark, Buffer.from(how)]));
}

function digest(data: Uint8Array): Buffer {
  return hash('sha256', data, 'buffer').subarray(0, MARK_BYTES);
}

function makeRoom(rows: number): void {
  words = new Uint32Array(rows * ROW.words);
  numbers = new Float64Array(words.buffer);
  bytes = Buffer.from(words.buffer);
}

/** The rows of some events. The buffer is reused by the next call. */
function rowsOf(session: Session, from: number, to: number, movedMs: number): Buffer {
  const length = (to - from) * ROW.bytes;
  if (length > bytes.length) makeRoom(to - from <= MAX_ROWS ? 2 * (to - from) : to - from);
  for (let i = from; i < to; i += 1) putRow(session, i, i - from, movedMs);
  return bytes.subarray(0, length);
}

function putRow(
  { ids, flags, positions, seqNumbers, timestamps }: Session,
  i: number,
  row: number,
  movedMs: number,
): void {
  const at = row * ROW.words;
  const flag = flags[i]!;
  const from = i * ROW.type;
  for (let word = 0; word < ROW.type; word += 1) words[at + word] = ids[from + word]!;
  for (const [name, word] of IDS)
    if ((flag & ABSENT_FLAG[name]) !== 0) words.fill(0, at + word, at + word + 4);
  words[at + ROW.type] =
    (flag & EVENT_FLAG.noType) !== 0 ? TYPES.none : (flag & EVENT_FLAG.stop) !== 0 ? TYPES.stop : TYPES.start;
  const number = row * (ROW.words / 2) + ROW.numbers;
  numbers[number] = bits(seqNumbers[i]!);
  numbers[number + 1] = bits(Math.round(positions[i]! * 1000));
  numbers[number + 2] = bits(Math.round(timestamps[i]! * 1000) - movedMs);
}

/** A number whose bits are equal for equal numbers: turns -0 into 0, and every NaN (no number) into -Infinity. */
function bits(number: number): number {
  return Number.isNaN(number) ? Number.NEGATIVE_INFINITY : number + 0;
}

/**
 * The indexes of the events, sorted by their content, for sessions whose order the SeqNumbers do not give. Compares the raw
 * JSON if the rows are equal, because the columns of invalid events do not hold everything.
 */
function sorted(session: Session, rows: Buffer): Uint32Array {
  const compare = (a: number, b: number): number => {
    const [i, j] = [a * ROW.bytes, b * ROW.bytes];
    const order = rows.compare(rows, j, j + ROW.bytes, i, i + ROW.bytes);
    return order === 0
      ? Buffer.compare(Buffer.from(writtenLine(session, a)), Buffer.from(writtenLine(session, b)))
      : order;
  };
  return Uint32Array.from({ length: session.count }, (_, i) => i).sort(compare);
}

function writtenLine(session: Session, i: number): string {
  return session.isValid(i) ? '\n' : `${written(session, i)}\n`;
}

/** The fields of an invalid event as text, without Timestamp, which may have been moved. */
function written(session: Session, i: number): string {
  if (!session.isRaw(i)) return '';
  const { value } = session.raw(i);
  return guidKey(JSON.stringify(FIELDS.map((field) => property(value, field) ?? null)));
}

const FIELDS = ['OrganizationId', 'ClipId', 'SessionId', 'Type', 'Position', 'SeqNumber'] as const;

/** Whether a value is unix time in seconds, by the limits of the rule `timestamp-unit`. */
function isUnixSeconds(value: unknown): value is number {
  return typeof value === 'number' && value >= TIMESTAMPS.from && value < TIMESTAMPS.below;
}

/** The earliest Timestamp of an input, in unix seconds; null if it has none. */
export async function earliestTimestamp(
  chunks: AsyncIterable<readonly InputRecord[]>,
): Promise<number | null> {
  let earliest = Number.POSITIVE_INFINITY;
  for await (const records of chunks) {
    for (const record of records) {
      if (record.kind !== 'events' && record.kind !== 'request') continue;
      const { timestamps } = record.events;
      for (let i = record.from; i < record.to; i += 1) {
        const seconds = timestamps[i]!;
        if (seconds < earliest && isUnixSeconds(seconds)) earliest = seconds;
      }
    }
  }
  return earliest === Number.POSITIVE_INFINITY ? null : earliest;
}

/** Returns a function that adds seconds to an event's Timestamp and rounds it to milliseconds. */
export function shiftedBy(seconds: number): (event: JsonObject) => JsonObject {
  return (event) =>
    isUnixSeconds(event.Timestamp)
      ? { ...event, Timestamp: Math.round((event.Timestamp + seconds) * 1000) / 1000 }
      : event;
}
