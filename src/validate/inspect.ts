import type {
  Answer,
  EventRecord,
  InputRecord,
  PlainRequestRecord,
  RequestRecord,
  SyntaxRecord,
} from '../domain/record.js';
import type { RowTexts } from '../sessions/event-rows.js';
import { SessionGroups } from '../sessions/groups.js';
import { memoryBudget, shareOf } from '../sessions/memory.js';
import type { Rows } from '../sessions/rows.js';
import { inspectEvent, sessionKeyOf } from './event.js';
import { Found, NO_SUBJECT } from './found.js';
import { asInspected, type Inspected, type InspectedRows } from './inspected.js';
import type { InspectOptions } from './options.js';
import { PlainRequests } from './plain-request.js';
import { PlainSessions } from './plain-session.js';
import { inspectRequest } from './request.js';
import { inspectPart } from './session.js';
import { Traffic } from './traffic.js';
import { isWithin } from './within.js';

const CHUNK = 512;

/** Next to the memory for grouping bare events, what fingerprints of sessions in requests may take: inputs are seldom both. */
const TRAFFIC_SHARE = 1 / 4;

/**
 * Checks what readers give against every rule. Findings and sessions come as soon as they are known: those of a request with it, sessions
 * of bare events at the end of the input, since any later line can add to them.
 */
export async function* inspect(
  chunks: AsyncIterable<readonly InputRecord[]>,
  options: InspectOptions,
): AsyncGenerator<readonly Inspected[]> {
  const inspector = new Inspector(options);
  try {
    let chunk: Inspected[] = [];
    for await (const records of chunks) {
      for (const record of records) {
        for (const inspected of inspector.take(record)) chunk.push(inspected);
        if (chunk.length < CHUNK) continue;
        yield chunk;
        chunk = [];
      }
      if (chunk.length > 0) yield chunk;
      chunk = [];
    }
    for (const inspected of inspector.end()) {
      chunk.push(inspected);
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = [];
    }
    yield chunk;
  } finally {
    inspector.close();
  }
}

/** Checks records one by one; what needs the whole input is told by `end`. */
export class Inspector {
  readonly #options: InspectOptions;
  readonly #groups: SessionGroups;
  readonly #traffic: Traffic;
  readonly #plain: PlainRequests;
  #requests = 0;

  constructor(options: InspectOptions) {
    this.#options = options;
    this.#groups = new SessionGroups(options.memory);
    this.#traffic = new Traffic(
      options.remember ?? Number.POSITIVE_INFINITY,
      shareOf(options.memory ?? memoryBudget(), TRAFFIC_SHARE),
    );
    this.#plain = new PlainRequests(options, this.#traffic);
  }

  take(record: InputRecord): readonly Inspected[] {
    switch (record.kind) {
      case 'input':
        return [record];
      case 'syntax':
        return this.#takeSyntax(record);
      case 'event':
        return this.#takeEvent(record);
      case 'plain':
        this.#groups.addPlain(record);
        return [];
      case 'request':
        return this.#takeRequest(record);
      case 'plain-request':
        return this.#takePlainRequest(record);
    }
  }

  /** Tells how a request was answered whose answer was not there yet when it was taken; `number` as `take` gave it. */
  answered(number: number, answer: Answer): void {
    this.#traffic.answered(number, answer);
  }

  /** The sessions of bare events, which are whole now. */
  *end(): Generator<Inspected> {
    const plain = this.#plainSessions();
    const counts = this.#options.countSound === true && this.#traffic.empty;
    for (const rows of this.#groups.rows(counts ? (its) => plain.count(its) : undefined)) {
      const found = counts ? plain.found(rows) : null;
      if (found) yield* asInspected(found);
      else yield* this.#inspectRows(rows);
    }
    if (plain.any) yield plain.counted;
  }

  /** The same, those in which no error is found as their rows: for those who ask for one thing after the other. */
  *endInRows(): Generator<Inspected | InspectedRows> {
    const plain = this.#plainSessions();
    const shortcut = this.#traffic.empty;
    for (const rows of this.#groups.rows()) {
      const given = shortcut ? plain.asRows(rows) : null;
      if (given) {
        yield* asInspected(plain.foundInGiven);
        yield given;
      } else yield* this.#inspectRows(rows);
    }
  }

  /** The texts behind the numbers in `InspectedRows`. */
  get texts(): RowTexts {
    return this.#groups.texts;
  }

  /** Lets go of temporary files. */
  close(): void {
    this.#groups.close();
    this.#traffic.close();
  }

  #plainSessions(): PlainSessions {
    return new PlainSessions(this.#options, this.#groups);
  }

  *#inspectRows(rows: Rows): Generator<Inspected> {
    const { session, invalid, findings } = this.#groups.whole(rows);
    const standing = this.#traffic.standingOf(session);
    if (!isWithin(session, this.#options.within)) {
      yield { kind: 'kept-out', session, standing };
      return;
    }
    yield* asInspected(findings);
    const found = new Found(this.#options);
    const part = { session, standing, delivered: false, leaks: [] };
    const inspected = inspectPart(part, found, ({ place }) => place, null);
    yield* asInspected(found.findings);
    yield { ...inspected, invalid: inspected.invalid || invalid, unsound: inspected.unsound || invalid };
  }

  #takeSyntax({ place, ...problem }: SyntaxRecord): readonly Inspected[] {
    const found = new Found(this.#options);
    found.add('syntax', problem, place, NO_SUBJECT);
    return asInspected(found.findings);
  }

  #takeEvent({
    value,
    place,
    locate,
    unnumbered = false,
    clipDuration,
    was,
  }: EventRecord): readonly Inspected[] {
    const found = new Found(this.#options);
    const event = inspectEvent({ value, place, locate, bare: true, unnumbered, was }, found);
    const key = sessionKeyOf(value);
    if (key === null) return [...asInspected(found.findings), { kind: 'stray', event }];
    const { invalid, findings } = found;
    // Whether its session counts is known only when that is whole.
    const held = this.#options.within ? findings : undefined;
    this.#groups.add(key, { event, unnumbered, clipDuration, invalid, findings: held });
    return held ? [] : asInspected(findings);
  }

  #takeRequest(record: RequestRecord): readonly Inspected[] {
    const number = this.#requests;
    this.#requests += 1;
    return inspectRequest(record, number, this.#traffic, this.#options);
  }

  #takePlainRequest(record: PlainRequestRecord): readonly Inspected[] {
    const number = this.#requests;
    this.#requests += 1;
    return this.#plain.take(record, number);
  }
}
