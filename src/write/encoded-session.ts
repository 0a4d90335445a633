import { property } from '../domain/event-batch.js';
import type { Session } from '../domain/session.js';
import { EventEncoder } from './event-encoder.js';
import { BODY_EVENTS } from './formats.js';

/** A session as the bytes to send, with the data that a delivery needs. */
export interface EncodedSession {
  /** Its SessionId in lower case. */
  readonly key: string;
  readonly source: string | undefined;
  /** The first well-formed OrganizationId of its events. If there is none, the invalid one of the first event, or an empty text. */
  readonly organizationId: string;
  /** How many events it has. */
  readonly count: number;
  /** The events as a request body holds them: JSON with commas between, in UTF-8. */
  readonly json: Buffer;
  /** The same JSON in pieces, if the session is too large to be held in memory; otherwise absent. */
  readonly large?: LargeJson | undefined;
  /** Seconds of audio played; null where that is not known. */
  readonly playedSeconds: number | null;
  /** Seconds of audio in its longest interval; null where that is not known. */
  readonly longestIntervalSeconds: number | null;
  /** Unix seconds of its last event; null where no event is valid. */
  readonly endedAt: number | null;
}

/** JSON that is read piece by piece, and can be read several times. */
export interface LargeJson {
  readonly length: number;
  pieces(): Iterable<Buffer>;
}

/** How many bytes of memory are kept from one session to the next. */
const KEPT_BYTES = 1024 * 1024;
const PIECE_BYTES = 64 * 1024;

/** Encodes sessions, one after the other. */
export class SessionEncoder {
  #encoder = new EventEncoder(BODY_EVENTS);

  /** The `json` of a session. Its memory is reused: it is valid until the next call. */
  jsonOf(session: Session): Buffer {
    const encoder = this.#encoder;
    encoder.begin();
    for (let i = 0; i < session.count; i += 1) encoder.add(session, i);
    const json = encoder.take();
    if (json.length > KEPT_BYTES) this.#encoder = new EventEncoder(BODY_EVENTS);
    return json;
  }

  /** The `json` of a session in pieces. Each piece is valid until the next is requested. */
  *piecesOf(session: Session): Generator<Buffer> {
    const encoder = this.#encoder;
    encoder.begin();
    for (let i = 0; i < session.count; i += 1) {
      encoder.add(session, i);
      if (encoder.length > PIECE_BYTES) yield encoder.take();
    }
    yield encoder.take();
  }

  encode(session: Session): EncodedSession {
    const { key, source, count, listening } = session;
    const longestMs = longestIntervalMs(session);
    return {
      key,
      source,
      organizationId: organizationOf(session),
      count,
      json: Buffer.from(this.jsonOf(session)),
      playedSeconds: listening.known ? listening.playedMs / 1000 : null,
      longestIntervalSeconds: longestMs === null ? null : longestMs / 1000,
      endedAt: endOf(session),
    };
  }
}

/** Milliseconds of audio in the longest interval of a session; null where its intervals are not known. */
export function longestIntervalMs({ listening }: Session): number | null {
  if (!listening.known) return null;
  let longest = 0;
  for (let i = 0; i < listening.intervalCount; i += 1) longest = Math.max(longest, listening.audioMs[i]!);
  return longest;
}

/** The `organizationId` of a session. */
export function organizationOf(session: Session): string {
  const id = session.firstId('organization');
  if (id !== null) return id;
  const first =
    session.count > 0 && session.isRaw(0) ? property(session.raw(0).value, 'OrganizationId') : null;
  return typeof first === 'string' ? first : '';
}

/** The `endedAt` of a session. */
export function endOf(session: Session): number | null {
  const { timestamps, count } = session;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i += 1) {
    const timestamp = timestamps[i]!;
    if (timestamp > last && session.isValid(i)) last = timestamp;
  }
  return last === Number.NEGATIVE_INFINITY ? null : last;
}
