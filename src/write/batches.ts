import { guidKey } from '../domain/guid.js';
import type { BodyProperty } from '../wire/body.js';
import { type BatchSession, type PackedEvents, packedEvents } from './packed.js';

/** Whole sessions of one organization and one Source (API-1, API-4, API-5), with the request body that carries them. */
export interface Batch<S extends BatchSession = BatchSession> {
  /** As the batch's first session writes it. */
  readonly organizationId: string;
  readonly source: string;
  /** In input order. */
  readonly sessions: readonly S[];
  readonly events: number;
  /** The request body in UTF-8. */
  readonly body: Buffer;
  /** It is one session, and larger than `maxBytes` by itself. */
  readonly oversize: boolean;
}

export interface BatchSettings {
  readonly maxSessions: number;
  /** Of the whole body, in UTF-8. */
  readonly maxBytes: number;
  /** Source of sessions that carry none. */
  readonly defaultSource: string;
}

/** So many batches are filled side by side at most; past it the one begun first is closed, which bounds memory. */
const MOST_OPEN = 256;

/**
 * Batches sessions: none is split, a batch holds one organization (compared without regard to case) and one Source. The same sessions
 * and settings give the same batches; sessions of one organization and Source keep their order. A full batch comes at once, the rest
 * at the end in the order in which they were begun.
 */
export async function* batches<S extends BatchSession>(
  sessions: Iterable<S> | AsyncIterable<S>,
  settings: BatchSettings,
): AsyncGenerator<Batch<S>, void, undefined> {
  const open = new Map<string, OpenBatch<S>>();
  for await (const session of sessions) {
    const packed = packedEvents(session);
    const { organizationId } = packed;
    const source = session.source ?? settings.defaultSource;
    const key = `${organizationId.length}:${guidKey(organizationId)}${source}`;

    const begun = open.get(key);
    if (begun?.fits(packed)) {
      begun.add(session, packed);
    } else {
      if (begun) yield begun.close();
      open.delete(key);
      const next = new OpenBatch<S>(organizationId, source, settings);
      next.add(session, packed);
      open.set(key, next);
    }
    const current = open.get(key);
    if (current?.full) {
      open.delete(key);
      yield current.close();
    }
    if (open.size > MOST_OPEN) {
      const [oldest, batch] = open.entries().next().value!;
      open.delete(oldest);
      yield batch.close();
    }
  }
  for (const batch of open.values()) yield batch.close();
}

/** The two halves of a batch of at least two sessions, as batches of their own. */
export function halves<S extends BatchSession>({ sessions, ...batch }: Batch<S>): readonly Batch<S>[] {
  const middle = Math.ceil(sessions.length / 2);
  return [sessions.slice(0, middle), sessions.slice(middle)].map((half) => {
    if (half.length === 0) throw new RangeError('a batch of one session has no halves');
    const settings = { maxSessions: half.length, maxBytes: batch.body.length, defaultSource: batch.source };
    const open = new OpenBatch<S>(batch.organizationId, batch.source, settings);
    for (const session of half) open.add(session, packedEvents(session));
    return open.close();
  });
}

class OpenBatch<S extends BatchSession> {
  readonly #tail: Buffer;
  readonly #sessions: S[] = [];
  readonly #parts: Buffer[];
  #events = 0;
  #bytes: number;

  constructor(
    readonly organizationId: string,
    readonly source: string,
    readonly settings: BatchSettings,
  ) {
    const [head, tail] = envelope(source);
    this.#parts = [head];
    this.#tail = tail;
    this.#bytes = head.length + tail.length - COMMA.length;
  }

  fits({ json }: PackedEvents): boolean {
    return this.#bytes + COMMA.length + json.length <= this.settings.maxBytes;
  }

  get full(): boolean {
    return this.#sessions.length >= this.settings.maxSessions || this.#bytes >= this.settings.maxBytes;
  }

  add(session: S, { json, count }: PackedEvents): void {
    if (this.#sessions.length > 0) this.#parts.push(COMMA);
    this.#sessions.push(session);
    this.#parts.push(json);
    this.#events += count;
    this.#bytes += COMMA.length + json.length;
  }

  close(): Batch<S> {
    return {
      organizationId: this.organizationId,
      source: this.source,
      sessions: this.#sessions,
      events: this.#events,
      body: Buffer.concat([...this.#parts, this.#tail]),
      oversize: this.#bytes > this.settings.maxBytes,
    };
  }
}

const COMMA = Buffer.from(',');

/** What stands before and after the events in a body. */
function envelope(source: string): [head: Buffer, tail: Buffer] {
  const body = { Source: source, Events: [], Completed: true } satisfies Record<BodyProperty, unknown>;
  const json = JSON.stringify(body);
  const cut = json.lastIndexOf('[]') + 1;
  return [Buffer.from(json.slice(0, cut)), Buffer.from(json.slice(cut))];
}
