import { guidKey } from '../domain/guid.js';
import type { BodyProperty } from '../wire/body.js';
import type { EncodedSession, LargeJson } from './encoded-session.js';

/** Whole sessions of one organization and one Source (API-1, API-4, API-5), with the request body that carries them. */
export interface Batch<S extends EncodedSession = EncodedSession> {
  /** The OrganizationId as the first session of the batch has it. */
  readonly organizationId: string;
  readonly source: string;
  /** The sessions in input order. */
  readonly sessions: readonly S[];
  readonly events: number;
  /** The request body in UTF-8. */
  readonly body: Buffer;
  /** The request body in pieces, so that a large one need not be copied into one buffer. */
  pieces(): Iterable<Buffer>;
  /** The size of the request body in bytes. */
  readonly bytes: number;
  /** Whether the batch has only one session, which alone is larger than `maxBytes`. */
  readonly oversize: boolean;
}

export interface BatchSettings {
  readonly maxSessions: number;
  /** The maximum size of a request body in bytes of UTF-8. */
  readonly maxBytes: number;
  /** The Source of sessions without one. */
  readonly defaultSource: string;
}

/** At most this many batches are open at a time, to limit memory. Beyond it, the oldest is closed. */
const MAX_OPEN = 256;

const NONE: never[] = [];

/**
 * Batches sessions. No session is split, and a batch holds one organization (ignoring case) and one Source. The same
 * sessions and settings give the same batches; sessions of one organization and Source keep their order. A full batch
 * is yielded at once, the rest at the end in the order in which they were started.
 */
export async function* batches<S extends EncodedSession>(
  sessions: Iterable<S> | AsyncIterable<S>,
  settings: BatchSettings,
): AsyncGenerator<Batch<S>, void, undefined> {
  const batcher = new Batcher<S>(settings);
  for await (const session of sessions) yield* batcher.add(session);
  yield* batcher.end();
}

/** `batches` of sessions in memory. */
export function* batchesInMemory<S extends EncodedSession>(
  sessions: Iterable<S>,
  settings: BatchSettings,
): Generator<Batch<S>, void, undefined> {
  const batcher = new Batcher<S>(settings);
  for (const session of sessions) for (const batch of batcher.add(session)) yield batch;
  yield* batcher.end();
}

/** Sorts sessions into batches, one session at a time. */
export class Batcher<S extends EncodedSession> {
  readonly #settings: BatchSettings;
  readonly #open = new Map<string, OpenBatch<S>>();
  /** The organization and Source of the last session, and their batch. The next session often has the same. */
  #organizationId: string | null = null;
  #source = '';
  #key = '';
  #envelope: Envelope = envelope('');

  constructor(settings: BatchSettings) {
    this.#settings = settings;
  }

  /** Adds a session. Yields the batches that are full now. */
  add(session: S): readonly Batch<S>[] {
    const { organizationId } = session;
    const json = jsonOf(session);
    this.#turnTo(organizationId, session.source ?? this.#settings.defaultSource);
    const key = this.#key;
    const open = this.#open;
    let batch = open.get(key);
    let closed: Batch<S>[] = NONE;
    if (batch && !batch.fits(json)) {
      closed = [batch.close()];
      open.delete(key);
      batch = undefined;
    }
    if (!batch) {
      batch = new OpenBatch<S>(organizationId, this.#source, this.#settings, this.#envelope);
      open.set(key, batch);
    }
    batch.add(session, json);
    if (batch.full) {
      open.delete(key);
      return [...closed, batch.close()];
    }
    if (open.size <= MAX_OPEN) return closed;
    const [oldest, first] = open.entries().next().value!;
    open.delete(oldest);
    return [...closed, first.close()];
  }

  *end(): Generator<Batch<S>> {
    for (const batch of this.#open.values()) yield batch.close();
  }

  #turnTo(organizationId: string, source: string): void {
    if (organizationId === this.#organizationId && source === this.#source) return;
    if (this.#organizationId === null || source !== this.#source) this.#envelope = envelope(source);
    this.#organizationId = organizationId;
    this.#source = source;
    this.#key = `${organizationId.length}:${guidKey(organizationId)}${source}`;
  }
}

/** Splits a batch of at least two sessions into two batches. */
export function halves<S extends EncodedSession>(batch: Batch<S>): readonly Batch<S>[] {
  const { sessions } = batch;
  const middle = Math.ceil(sessions.length / 2);
  return [sessions.slice(0, middle), sessions.slice(middle)].map((half) => {
    if (half.length === 0) throw new RangeError('a batch of one session has no halves');
    const settings = { maxSessions: half.length, maxBytes: batch.bytes, defaultSource: batch.source };
    const open = new OpenBatch<S>(batch.organizationId, batch.source, settings, envelope(batch.source));
    for (const session of half) open.add(session, jsonOf(session));
    return open.close();
  });
}

/** The JSON of a session, whole or in pieces. */
type Json = Buffer | LargeJson;

function jsonOf(session: EncodedSession): Json {
  return session.large ?? session.json;
}

class OpenBatch<S extends EncodedSession> {
  readonly #sessions: S[] = [];
  readonly #parts: Json[] = [];
  #events = 0;
  #bytes: number;

  constructor(
    readonly organizationId: string,
    readonly source: string,
    readonly settings: BatchSettings,
    readonly around: Envelope,
  ) {
    this.#bytes = around.head.length + around.tail.length - COMMA_BYTES;
  }

  fits(json: Json): boolean {
    return this.#bytes + COMMA_BYTES + json.length <= this.settings.maxBytes;
  }

  get full(): boolean {
    return this.#sessions.length >= this.settings.maxSessions || this.#bytes >= this.settings.maxBytes;
  }

  add(session: S, json: Json): void {
    this.#sessions.push(session);
    this.#parts.push(json);
    this.#events += session.count;
    this.#bytes += COMMA_BYTES + json.length;
  }

  close(): Batch<S> {
    return new ClosedBatch(this, this.#sessions, this.#parts, this.#events, this.#bytes);
  }
}

/** A batch whose request body is made on first use, because a plan does not need it. */
class ClosedBatch<S extends EncodedSession> implements Batch<S> {
  readonly organizationId: string;
  readonly source: string;
  readonly oversize: boolean;
  readonly #around: Envelope;
  readonly #parts: readonly Json[];
  #body: Buffer | null = null;

  constructor(
    { organizationId, source, settings, around }: OpenBatch<S>,
    readonly sessions: readonly S[],
    parts: readonly Json[],
    readonly events: number,
    readonly bytes: number,
  ) {
    this.organizationId = organizationId;
    this.source = source;
    this.oversize = bytes > settings.maxBytes;
    this.#around = around;
    this.#parts = parts;
  }

  get body(): Buffer {
    this.#body ??= this.#joined();
    return this.#body;
  }

  *pieces(): Generator<Buffer> {
    yield this.#around.head;
    for (const [i, part] of this.#parts.entries()) {
      if (i > 0) yield COMMA_PIECE;
      if (part instanceof Uint8Array) yield part;
      else yield* part.pieces();
    }
    yield this.#around.tail;
  }

  #joined(): Buffer {
    const body = Buffer.allocUnsafe(this.bytes);
    let at = 0;
    for (const piece of this.pieces()) {
      body.set(piece, at);
      at += piece.length;
    }
    return body;
  }
}

const COMMA_BYTES = 1;
const COMMA_PIECE = Buffer.from(',');

/** The text of a body before and after the events. */
interface Envelope {
  readonly head: Buffer;
  readonly tail: Buffer;
}

function envelope(source: string): Envelope {
  const body = { Source: source, Events: [], Completed: true } satisfies Record<BodyProperty, unknown>;
  const json = JSON.stringify(body);
  const cut = json.lastIndexOf('[]') + 1;
  return { head: Buffer.from(json.slice(0, cut)), tail: Buffer.from(json.slice(cut)) };
}
