import { NewestMap } from '../domain/newest-map.js';
import type { EventRecord, InputRecord, RequestRecord, SyntaxRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import type { Standing } from '../rules/define.js';
import { SessionGroups } from '../sessions/groups.js';
import { inspectEvent, sessionKeyOf } from './event.js';
import { fingerprint } from './fingerprint.js';
import { Found, NO_SUBJECT } from './found.js';
import { asInspected, type Inspected } from './inspected.js';
import type { InspectOptions } from './options.js';
import { inspectRequest } from './request.js';
import { inspectPart } from './session.js';

const CHUNK = 512;

/**
 * Checks what readers give against every rule. Findings and sessions come as soon as they are known: those of a request with it, sessions
 * of bare events at the end of the input, since any later line can add to them.
 */
export async function* inspect(
  chunks: AsyncIterable<readonly InputRecord[]>,
  options: InspectOptions,
): AsyncGenerator<readonly Inspected[]> {
  const inspector = new Inspector(options);
  for await (const records of chunks) yield records.flatMap((record) => inspector.take(record));
  let chunk: Inspected[] = [];
  for (const inspected of inspector.end()) {
    chunk.push(inspected);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  yield chunk;
}

/** Checks records one by one; what needs the whole input is told by `end`. */
export class Inspector {
  readonly #options: InspectOptions;
  readonly #groups = new SessionGroups();
  /** Sessions of bare events that have an event of severity error. */
  readonly #invalid = new Set<string>();
  /** What the first request that held a session held of it. */
  readonly #earlier = new NewestMap<string, string>();
  readonly #remembered: number;
  #requests = 0;

  /** @param remembered How many SessionIds of requests are remembered, the newest; without end unless told. */
  constructor(options: InspectOptions, remembered = Number.POSITIVE_INFINITY) {
    this.#options = options;
    this.#remembered = remembered;
  }

  take(record: InputRecord): readonly Inspected[] {
    switch (record.kind) {
      case 'input':
        return [record];
      case 'syntax':
        return this.#takeSyntax(record);
      case 'event':
        return this.#takeEvent(record);
      case 'request':
        return this.#takeRequest(record);
    }
  }

  /** The sessions of bare events, which are whole now. */
  *end(): Generator<Inspected> {
    for (const session of this.#groups.sessions()) {
      const found = new Found(this.#options);
      const part = { session, standing: this.#standingOf(session) };
      const inspected = inspectPart(part, found, ({ place }) => place, null);
      yield* asInspected(found.findings);
      yield { ...inspected, invalid: inspected.invalid || this.#invalid.delete(session.key) };
    }
  }

  #takeSyntax({ place, ...problem }: SyntaxRecord): readonly Inspected[] {
    const found = new Found(this.#options);
    found.add('syntax', problem, place, NO_SUBJECT);
    return asInspected(found.findings);
  }

  #takeEvent({ value, place, locate, unnumbered = false, clipDuration }: EventRecord): readonly Inspected[] {
    const found = new Found(this.#options);
    const event = inspectEvent({ value, place, locate, bare: true, unnumbered }, found);
    const key = sessionKeyOf(value);
    if (key === null) return [...asInspected(found.findings), { kind: 'stray', event }];
    this.#groups.add(key, { event, unnumbered, clipDuration });
    if (found.invalid) this.#invalid.add(key);
    return asInspected(found.findings);
  }

  #takeRequest(record: RequestRecord): readonly Inspected[] {
    const number = this.#requests;
    this.#requests += 1;
    return inspectRequest(record, number, (session) => this.#standingInRequest(session), this.#options);
  }

  #standingInRequest(session: Session): Standing {
    const standing = this.#standingOf(session);
    if (standing === 'first') this.#remember(session);
    return standing;
  }

  #remember(session: Session): void {
    this.#earlier.set(session.key, fingerprint(session));
    if (this.#earlier.size > this.#remembered) this.#earlier.forgetOldest();
  }

  #standingOf(session: Session): Standing {
    const earlier = this.#earlier.get(session.key);
    if (earlier === undefined) return 'first';
    return earlier === fingerprint(session) ? 'resent' : 'split';
  }
}
