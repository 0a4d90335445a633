import { guidKey, isGuid } from '../domain/guid.js';
import type { BodyProperty } from '../wire/body.js';
import { soundEventJson } from '../wire/event-json.js';
import { wireFields } from '../wire/fields.js';
import { jsonText } from './json-text.js';
import type { WritableEvent, WritableSession } from './writable.js';

/** Whole sessions of one organization and one Source (API-1, API-4, API-5), with the request body that carries them. */
export interface Batch<S extends WritableSession = WritableSession> {
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
export async function* batches<S extends WritableSession>(
  sessions: Iterable<S> | AsyncIterable<S>,
  settings: BatchSettings,
): AsyncGenerator<Batch<S>, void, undefined> {
  const open = new Map<string, OpenBatch<S>>();
  for await (const session of sessions) {
    const organizationId = organizationOf(session);
    const source = session.source ?? settings.defaultSource;
    const key = `${organizationId.length}:${guidKey(organizationId)}${source}`;
    const json = session.events.map(eventJson).join(',');
    const bytes = Buffer.byteLength(json);

    const begun = open.get(key);
    if (begun?.fits(bytes)) {
      begun.add(session, json, bytes);
    } else {
      if (begun) yield begun.close();
      open.delete(key);
      open.set(key, new OpenBatch(organizationId, source, settings, session, json, bytes));
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

class OpenBatch<S extends WritableSession> {
  readonly #head: string;
  readonly #tail: string;
  readonly #sessions: S[] = [];
  readonly #json: string[] = [];
  #events = 0;
  #bytes: number;

  constructor(
    readonly organizationId: string,
    readonly source: string,
    readonly settings: BatchSettings,
    first: S,
    json: string,
    bytes: number,
  ) {
    [this.#head, this.#tail] = envelope(source);
    this.#bytes = Buffer.byteLength(this.#head) + Buffer.byteLength(this.#tail) - COMMA;
    this.add(first, json, bytes);
  }

  fits(bytes: number): boolean {
    return this.#bytes + COMMA + bytes <= this.settings.maxBytes;
  }

  get full(): boolean {
    return this.#sessions.length >= this.settings.maxSessions || this.#bytes >= this.settings.maxBytes;
  }

  add(session: S, json: string, bytes: number): void {
    this.#sessions.push(session);
    this.#json.push(json);
    this.#events += session.events.length;
    this.#bytes += COMMA + bytes;
  }

  close(): Batch<S> {
    return {
      organizationId: this.organizationId,
      source: this.source,
      sessions: this.#sessions,
      events: this.#events,
      body: Buffer.from(this.#head + this.#json.join(',') + this.#tail),
      oversize: this.#bytes > this.settings.maxBytes,
    };
  }
}

const COMMA = 1;

/** What stands before and after the events in a body. */
function envelope(source: string): [head: string, tail: string] {
  const body = { Source: source, Events: [], Completed: true } satisfies Record<BodyProperty, unknown>;
  const json = JSON.stringify(body);
  const cut = json.lastIndexOf('[]') + 1;
  return [json.slice(0, cut), json.slice(cut)];
}

function eventJson(event: WritableEvent): string {
  return event.sound ? soundEventJson(event.sound) : jsonText(wireFields(event));
}

/** The first well-formed OrganizationId of its events; else what the first event has for one, or nothing. */
function organizationOf(session: WritableSession): string {
  for (const event of session.events) {
    const id = writtenOrganization(event);
    if (isGuid(id)) return id;
  }
  const first = session.events[0] && writtenOrganization(session.events[0]);
  return typeof first === 'string' ? first : '';
}

function writtenOrganization(event: WritableEvent): unknown {
  return wireFields(event).OrganizationId ?? null;
}
