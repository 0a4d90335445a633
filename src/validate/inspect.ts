import { EVENT_FLAG, type EventBatch, ID_WORDS, WORDS_PER_EVENT, writtenId } from '../domain/event-batch.js';
import type { RuleId } from '../domain/finding.js';
import { isEmptyWords } from '../domain/guid.js';
import type { Input, Place } from '../domain/place.js';
import type {
  Answer,
  EventsRecord,
  InputRecord,
  ResentRowRecord,
  SyntaxRecord,
  TableRecord,
} from '../domain/record.js';
import { pointerOf, Session } from '../domain/session.js';
import type { Problem } from '../rules/define.js';
import { SessionGroups } from '../sessions/groups.js';
import { memoryBudget, shareOf } from '../sessions/memory.js';
import { FindingCollector, restoredFinding, type StoredFinding, storedFinding } from './findings.js';
import type { Inspected } from './inspected.js';
import { type InspectOptions, isWithin } from './options.js';
import { RequestInspector } from './request.js';
import { inspectEvents, SessionInspector } from './session.js';
import { withTableHint } from './table-hints.js';
import { Traffic } from './traffic.js';

/**
 * The share of memory for fingerprints of sessions in requests, in addition to that for grouping bare events: inputs
 * rarely have both.
 */
const TRAFFIC_SHARE = 1 / 4;

/**
 * Checks the records of readers against every rule. Findings and sessions are yielded as soon as they are known: those
 * of a request together with it, sessions of bare events at the end of the input, because any later line can add an
 * event. Read all items of a group before you request the next group; each item is valid until the next.
 */
export async function* inspect(
  chunks: AsyncIterable<readonly InputRecord[]>,
  options: InspectOptions,
): AsyncGenerator<Iterable<Inspected>> {
  const inspector = new Inspector(options);
  try {
    for await (const records of chunks) yield inspector.takeAll(records);
    yield inspector.end();
  } finally {
    inspector.close();
  }
}

/** Checks records one by one. `end` reports what needs the whole input. */
export class Inspector {
  readonly #options: InspectOptions;
  readonly #groups: SessionGroups;
  readonly #traffic: Traffic;
  readonly #requests: RequestInspector;
  readonly #inputs = new Map<number, Input>();
  readonly #stray = new Session();
  readonly #tables: TableRecord[] = [];
  #requestCount = 0;

  constructor(options: InspectOptions) {
    this.#options = options;
    this.#groups = new SessionGroups(options.memory);
    this.#traffic = new Traffic(
      options.remember ?? Number.POSITIVE_INFINITY,
      shareOf(options.memory ?? memoryBudget(), TRAFFIC_SHARE),
    );
    this.#requests = new RequestInspector(options, this.#traffic);
  }

  *takeAll(records: readonly InputRecord[]): Generator<Inspected> {
    for (const record of records) yield* this.take(record);
  }

  *take(record: InputRecord): Generator<Inspected> {
    switch (record.kind) {
      case 'input':
      case 'unmapped':
        yield record;
        return;
      case 'syntax':
        yield* this.#takeSyntax(record);
        return;
      case 'events':
        yield* this.#takeEvents(record);
        return;
      case 'table':
        this.#tables.push(record);
        yield { kind: 'table', table: record };
        return;
      case 'resent-row':
        yield* this.#takeResentRow(record);
        return;
      case 'request':
        yield* this.#requests.inspect(record, this.#requestCount++);
        return;
    }
  }

  /** Adds the response to a request that had no response yet when it was inspected. @param number The number of the request. */
  answered(number: number, answer: Answer): void {
    this.#traffic.answered(number, answer);
    this.#options.certify?.answered(number, answer);
  }

  /** Yields the sessions of bare events, which are complete now. */
  *end(): Generator<Inspected> {
    const { within, order } = this.#options;
    const found = new FindingCollector(this.#options);
    const ofTables = yield* this.#judgeTables(found);
    const sessions = new SessionInspector(this.#options, found);
    for (const session of this.#groups.sessions(order)) {
      const occurrence = this.#traffic.occurrenceOf(session);
      if (!isWithin(within, session.timestamps, session.count)) {
        yield { kind: 'kept-out', session, occurrence };
        continue;
      }
      found.clear();
      if (ofTables.size > 0) {
        const input = session.inputs[session.inputNumbers[0]!]!;
        for (const rule of ofTables.get(input) ?? []) found.fired.add(rule);
      }
      // Findings about its events were held back until now, when it is known whether the session counts.
      for (const note of within ? this.#groups.notesOf(session) : [])
        for (const stored of note as StoredFinding[]) found.take(restoredFinding(stored, this.#inputs));
      const inspected = sessions.inspectBare(session, occurrence);
      this.#options.certify?.session({ session, occurrence }, found.fired, null);
      for (const finding of found.findings) yield { kind: 'finding', finding };
      yield inspected;
    }
  }

  /** Deletes temporary files. */
  close(): void {
    this.#groups.close();
    this.#traffic.close();
  }

  *#takeEvents(record: EventsRecord): Generator<Inspected> {
    const { input, pointers, events, from, to } = record;
    const found = new FindingCollector(this.#options);
    /** The findings that are held back until their session is complete, by the index of the event. */
    const held = new Map<number, StoredFinding[]>();
    inspectEvents(
      events,
      from,
      to,
      true,
      (rule, i, below, problem) => {
        const before = found.findings.length;
        const worded = pointers ? problem : () => withTableHint(rule, below, problem());
        found.add(rule, worded, {
          input,
          line: events.lines[i]!,
          place: () => ({
            input,
            ...events.locator!.locate(i, below),
            pointer: pointers ? pointerOf(events.elements[i]!) + below : null,
            request: null,
          }),
          sessionId: () => writtenId(events, i, 'session'),
          seqNumber: Number.isNaN(events.seqNumbers[i]!) ? null : events.seqNumbers[i]!,
        });
        const finding = found.findings[before];
        if (!finding) return;
        if (finding.severity === 'error') events.flags[i]! |= EVENT_FLAG.error;
        if (this.#options.within === undefined || isStray(events, i)) return;
        found.findings.pop();
        held.set(i, [...(held.get(i) ?? []), storedFinding(finding)]);
      },
      this.#options,
    );
    this.#inputs.set(input.index, input);
    this.#groups.add(record, held.size > 0 ? (i) => held.get(i) : undefined);
    for (const finding of found.findings) yield { kind: 'finding', finding };
    for (let i = from; i < to; i += 1)
      if (isStray(events, i)) yield { kind: 'stray', event: this.#strayEvent(record, i) };
  }

  #strayEvent({ input, pointers, events }: EventsRecord, i: number): Session {
    const stray = this.#stray;
    stray.begin(
      {
        raw: (row) => events.raws.get(row)!,
        locate: (row) => events.locator!.locate(row, ''),
        pointer: (_, element) => (pointers ? pointerOf(element) : null),
      },
      [input],
    );
    stray.add(events, i);
    stray.settle();
    return stray;
  }

  *#takeSyntax({ place, loss, text, ...problem }: SyntaxRecord): Generator<Inspected> {
    yield { kind: 'unreadable', place, loss, text };
    yield* this.#findingAt('syntax', place, problem);
  }

  *#takeResentRow({ place, sessionId }: ResentRowRecord): Generator<Inspected> {
    const problem = {
      expected: 'one row for each session',
      received: 'another row with the same content: counted once',
      hint: 'Nothing needs fixing; check whether the export was appended to itself',
    };
    yield* this.#findingAt('event-resent', place, problem, sessionId);
  }

  /** Checks whole tables. @returns The rules that fired for each input. */
  *#judgeTables(found: FindingCollector): Generator<Inspected, ReadonlyMap<Input, readonly RuleId[]>> {
    const fired = new Map<Input, RuleId[]>();
    const asking = new Map(
      this.#tables.filter(({ judge }) => judge.needsSessions).map(({ input, judge }) => [input, judge]),
    );
    if (asking.size > 0) {
      for (const session of this.#groups.sessions('any'))
        asking.get(session.inputs[session.inputNumbers[0]!]!)?.addSession(session);
    }
    for (const { input, judge } of this.#tables) {
      for (const { rule, place, ...problem } of judge.findings()) {
        fired.set(input, [...(fired.get(input) ?? []), rule]);
        yield* this.#findingAt(rule, place, problem);
      }
      const repeated = judge.repeated();
      if (repeated) this.#options.diagnoses?.noteRepeatedExport(repeated);
    }
    found.clear();
    return fired;
  }

  *#findingAt(
    rule: RuleId,
    place: Place,
    problem: Problem,
    sessionId: string | null = null,
  ): Generator<Inspected> {
    const found = new FindingCollector(this.#options);
    const { input, line } = place;
    found.add(rule, () => problem, {
      input,
      line,
      place: () => place,
      sessionId: () => sessionId,
      seqNumber: null,
    });
    for (const finding of found.findings) yield { kind: 'finding', finding };
  }
}

/** Whether event `i` belongs to no session, because its SessionId is unusable. */
function isStray({ ids }: EventBatch, i: number): boolean {
  return isEmptyWords(ids, i * WORDS_PER_EVENT + ID_WORDS.session);
}
