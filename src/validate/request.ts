import { EVENT_FLAG, type EventBatch, ID_WORDS, WORDS_PER_EVENT, writtenId } from '../domain/event-batch.js';
import type { Finding, RuleId } from '../domain/finding.js';
import { isEmptyWords, isGuid, readGuid, sameGuid } from '../domain/guid.js';
import type { Place } from '../domain/place.js';
import type { RequestRecord } from '../domain/record.js';
import { Session, type SessionOrigin } from '../domain/session.js';
import type { RequestUnderCheck, ValueProblem } from '../rules/define.js';
import { EVENT_RULES, REQUEST_RULES } from '../rules/index.js';
import { isJsonObject } from '../wire/json.js';
import { FindingCollector } from './findings.js';
import type { Inspected } from './inspected.js';
import { type InspectOptions, isWithin } from './options.js';
import { inspectEvents, isEarlier, SessionInspector } from './session.js';
import { PartStores, type Traffic } from './traffic.js';

const BODY_RULES = EVENT_RULES.flatMap((rule) =>
  rule.sees === 'json' && rule.checkBody ? [{ id: rule.id, check: rule.checkBody.bind(rule) }] : [],
);

/** Checks requests: the body, its events, and its sessions. Each session is complete in its request. */
export class RequestInspector {
  readonly #session = new Session();
  readonly #ofBody: FindingCollector;
  readonly #ofSession: FindingCollector;
  readonly #sessions: SessionInspector;

  readonly #apart: PartStores | null;

  /** @param traffic The content of earlier requests, and their answers. Each inspected request is added to it. */
  constructor(
    readonly options: InspectOptions,
    readonly traffic: Traffic,
  ) {
    this.#apart = options.separateStores ? new PartStores(traffic, options.remember) : null;
    this.#ofBody = new FindingCollector(options);
    this.#ofSession = new FindingCollector(options);
    this.#sessions = new SessionInspector(options, this.#ofSession);
  }

  /** @param number The number of the request in the run, from 0. */
  *inspect(record: RequestRecord, number: number): Generator<Inspected> {
    const { events, exchange = null } = record;
    const { options } = this;
    const traffic = (exchange && this.#apart?.trafficOf(record.place.input, exchange)) ?? this.traffic;
    const place: Place = { ...record.place, request: number };
    const body = isJsonObject(record.body) ? record.body : null;
    const ofEvents = this.#inspectEvents(record, place);
    const { sessions, strays } = groupsOf(record);
    const organizationId = organizationOf(record);
    const capture = exchange && { input: place.input, fromMock: exchange.fromMock };
    const sent = exchange && { input: place.input, exchange, organizationId };
    const disabledAt = sent && traffic.disabledAt(sent);
    const request: RequestUnderCheck = { value: record.body, body, organizationId, exchange, disabledAt };
    this.#inspectBody(request, record, place);
    const source = typeof body?.Source === 'string' ? body.Source : undefined;
    const origin = originOf(record);
    const fill = (group: readonly number[]): Session => {
      const session = this.#session;
      session.begin(origin, [place.input], number, source);
      session.requestBeganAt = exchange?.beganAt ?? null;
      for (const i of group) session.add(events, i);
      session.settle();
      return session;
    };
    const counts = (group: readonly number[]): boolean =>
      isWithin(options.within, events.timestamps, group.length, (n) => group[n]!);
    // If all sessions of a request are left out, the request is left out, too.
    if (sessions.size === 0 || strays.length > 0 || [...sessions.values()].some(counts)) {
      yield { kind: 'request', number };
      for (const finding of this.#ofBody.findings) yield { kind: 'finding', finding };
      for (const i of strays)
        for (const { finding } of ofEvents?.get(i) ?? []) if (finding) yield { kind: 'finding', finding };
      for (const i of strays) yield { kind: 'stray', event: fill([i]) };
    }
    const observed = options.certify && {
      number,
      place,
      exchange,
      organizationId,
      fired: this.#ofBody.fired,
    };
    const whole: string[] = [];
    const deliveredTo = exchange?.answer?.enabled === true ? exchange.host : undefined;
    for (const group of sessions.values()) {
      const session = fill(group);
      const part = traffic.observe(session, capture);
      if (exchange && part.occurrence !== 'split') whole.push(session.key);
      if (!counts(group)) {
        yield { kind: 'kept-out', session, occurrence: part.occurrence };
        continue;
      }
      const found = this.#ofSession;
      found.clear();
      for (const i of ofEvents ? group : []) {
        for (const { rule, finding } of ofEvents?.get(i) ?? []) {
          found.fired.add(rule);
          if (finding) found.take(finding);
        }
      }
      const inspected = this.#sessions.inspect(part, request, deliveredTo);
      if (observed) options.certify?.session(part, found.fired, observed);
      for (const finding of found.findings) yield { kind: 'finding', finding };
      yield this.#ofBody.invalid ? { ...inspected, invalid: true } : inspected;
    }
    if (observed) options.certify?.request(observed);
    if (sent) traffic.sent(number, sent, whole);
  }

  /** The findings of the event rules, by the event's index in the batch; null without any. */
  #inspectEvents(
    { events, from, to, locate, exchange, place: { pointer } }: RequestRecord,
    place: Place,
  ): OfEvents | null {
    const { options } = this;
    // Timestamps later than the request's own time are checked once per session.
    const now = isEarlier(exchange?.beganAt, options) ? Number.POSITIVE_INFINITY : options.now;
    let found: Map<number, FoundInEvent[]> | null = null;
    const single = new FindingCollector(this.options);
    inspectEvents(
      events,
      from,
      to,
      false,
      (rule, i, below, problem) => {
        single.clear();
        single.add(rule, problem, {
          input: place.input,
          line: events.columns[i]! > 0 ? events.lines[i]! : place.line,
          place: () => {
            const ofEvent = `/Events/${events.elements[i]!}`;
            const at = events.locator ? events.locator.locate(i, below) : locate(ofEvent + below);
            return { ...place, ...at, pointer: pointer === null ? null : pointer + ofEvent + below };
          },
          sessionId: () => writtenId(events, i, 'session'),
          seqNumber: Number.isNaN(events.seqNumbers[i]!) ? null : events.seqNumbers[i]!,
        });
        found ??= new Map();
        const its = found.get(i) ?? [];
        found.set(i, its);
        its.push({ rule, finding: single.findings[0] ?? null });
      },
      { ...options, now },
    );
    return found;
  }

  #inspectBody(request: RequestUnderCheck, { locate }: RequestRecord, place: Place): void {
    const found = this.#ofBody;
    found.clear();
    const reporter = (id: RuleId) => (problem: ValueProblem) => {
      found.add(id, () => problem, {
        input: place.input,
        line: place.line,
        place: () => ({
          ...place,
          ...locate(problem.pointer),
          pointer: place.pointer === null ? null : place.pointer + problem.pointer,
        }),
        sessionId: () => null,
        seqNumber: null,
      });
    };
    for (const rule of REQUEST_RULES) rule.check?.(request, reporter(rule.id));
    for (const rule of BODY_RULES) if (request.body) rule.check(request.body, reporter(rule.id));
  }
}

/** A rule that fired for an event; the finding is null where the rule is off. */
interface FoundInEvent {
  readonly rule: RuleId;
  readonly finding: Finding | null;
}

type OfEvents = ReadonlyMap<number, readonly FoundInEvent[]>;

interface Groups {
  /** The indexes of events in the batch, by the SessionId in lower case. */
  readonly sessions: ReadonlyMap<string, readonly number[]>;
  /** Events whose SessionId is unusable. */
  readonly strays: readonly number[];
}

function groupsOf({ events, from, to }: RequestRecord): Groups {
  const { ids } = events;
  const sessions = new Map<string, number[]>();
  const strays: number[] = [];
  let group: number[] | null = null;
  for (let i = from; i < to; i += 1) {
    const at = i * WORDS_PER_EVENT + ID_WORDS.session;
    if (isEmptyWords(ids, at)) {
      strays.push(i);
      continue;
    }
    if (group === null || i === from || !sameGuid(ids, at, ids, at - WORDS_PER_EVENT)) {
      const key = readGuid(ids, at);
      group = sessions.get(key) ?? [];
      sessions.set(key, group);
    }
    group.push(i);
  }
  return { sessions, strays };
}

/** The organization that a request is for. */
function organizationOf({ events, from, to, exchange }: RequestRecord): string | null {
  const parameter = exchange?.organizationParameter;
  if (isGuid(parameter)) return parameter;
  for (let i = from; i < to; i += 1) {
    if ((events.flags[i]! & EVENT_FLAG.noOrganization) === 0) return writtenId(events, i, 'organization');
  }
  return null;
}

function originOf({ events, place: { pointer, entry }, locate }: RequestRecord): SessionOrigin {
  return {
    raw: (i) => events.raws.get(i)!,
    locate: (i) => locateEvent(events, i, locate),
    pointer: (_, element) => (pointer === null ? null : `${pointer}/Events/${element}`),
    entry,
  };
}

function locateEvent(events: EventBatch, i: number, locate: RequestRecord['locate']) {
  return events.locator ? events.locator.locate(i, '') : locate(`/Events/${events.elements[i]!}`);
}
