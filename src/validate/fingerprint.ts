import { createHash, hash } from 'node:crypto';
import { ABSENT_FLAG, EVENT_FLAG, WORDS_PER_EVENT } from '../domain/event-batch.js';
import { guidKey, isGuid } from '../domain/guid.js';
import type { Session } from '../domain/session.js';
import { PRINT_BYTES } from '../sessions/key-table.js';
import { EVENT_FIELDS } from '../wire/event.js';
import { documentedFields } from '../wire/event-columns.js';

/** An event in doubles: the ids, Position, SeqNumber, Timestamp and Type. */
const EVENT_REALS = 10;
const EVENT_WORDS = 2 * EVENT_REALS;
const EVENT_BYTES = 4 * EVENT_WORDS;
const REAL = { position: 6, seqNumber: 7, timestamp: 8, type: 9 } as const;
/** So many events are hashed at once. */
const BLOCK = 256;

const UNKNOWN = ABSENT_FLAG.session | ABSENT_FLAG.clip | ABSENT_FLAG.organization | EVENT_FLAG.noType;

const reals = new Float64Array(BLOCK * EVENT_REALS);
const words = new Uint32Array(reals.buffer);
const bytes = new Uint8Array(reals.buffer);

/** Tells two sessions' contents apart: the seven fields of the events by SeqNumber, ids without regard to case. */
export function fingerprint(session: Session): Uint8Array {
  const { count, flags, positions, seqNumbers, timestamps } = session;
  for (let i = 0; i < count; i += 1) {
    const numbers = positions[i]! + seqNumbers[i]! + timestamps[i]!;
    if ((flags[i]! & UNKNOWN) !== 0 || !Number.isFinite(numbers)) return rawPrint(session);
  }
  if (count <= BLOCK) {
    for (let i = 0; i < count; i += 1) writeEvent(session, i, i);
    // As a string it is half as long on its way as in a buffer of its own.
    return asBytes(hash('sha1', bytes.subarray(0, count * EVENT_BYTES), 'binary'));
  }
  const whole = createHash('sha1');
  for (let from = 0; from < count; from += BLOCK) {
    const some = Math.min(BLOCK, count - from);
    for (let i = 0; i < some; i += 1) writeEvent(session, from + i, i);
    whole.update(bytes.subarray(0, some * EVENT_BYTES));
  }
  return whole.digest().subarray(0, PRINT_BYTES);
}

function asBytes(print: string): Uint8Array {
  const these = new Uint8Array(PRINT_BYTES);
  for (let i = 0; i < PRINT_BYTES; i += 1) these[i] = print.charCodeAt(i);
  return these;
}

function writeEvent(
  { ids, flags, positions, seqNumbers, timestamps }: Session,
  i: number,
  inBlock: number,
): void {
  const from = i * WORDS_PER_EVENT;
  const to = inBlock * EVENT_WORDS;
  for (let word = 0; word < WORDS_PER_EVENT; word += 1) words[to + word] = ids[from + word]!;
  const at = inBlock * EVENT_REALS;
  // JSON writes -0 as 0: they are the same here, too.
  reals[at + REAL.position] = positions[i]! + 0;
  reals[at + REAL.seqNumber] = seqNumbers[i]! + 0;
  reals[at + REAL.timestamp] = timestamps[i]! + 0;
  reals[at + REAL.type] = flags[i]! & EVENT_FLAG.stop;
}

/** Of a session with a field of another kind: its events are compared as they were written. */
function rawPrint(session: Session): Uint8Array {
  const written = createHash('sha1');
  for (let i = 0; i < session.count; i += 1) {
    const fields = documentedFields(session, i);
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
