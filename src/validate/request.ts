import type { RuleId } from '../domain/finding.js';
import { isGuid } from '../domain/guid.js';
import type { Place } from '../domain/place.js';
import type { Locate, RequestRecord } from '../domain/record.js';
import type { SessionEvent } from '../domain/session.js';
import type { RequestUnderCheck, ValueProblem } from '../rules/define.js';
import { EVENT_RULES, REQUEST_RULES } from '../rules/index.js';
import { bySeqNumber } from '../sessions/order.js';
import { isJsonObject } from '../wire/shape.js';
import { inspectEvent, sessionKeyOf } from './event.js';
import { Found, NO_SUBJECT } from './found.js';
import { asInspected, type Inspected, type StrayEvent } from './inspected.js';
import type { InspectOptions } from './options.js';
import { placeBelow } from './place.js';
import { inspectPart } from './session.js';
import type { Traffic } from './traffic.js';
import { isWithin } from './within.js';

/**
 * Checks one request: the body, its events, and its sessions, which are whole in it.
 * @param number Which request of the run it is, from 0.
 * @param traffic What earlier requests held, and how they were answered. This one is added.
 */
export function inspectRequest(
  record: RequestRecord,
  number: number,
  traffic: Traffic,
  options: InspectOptions,
): Inspected[] {
  const place: Place = { ...record.place, request: number };
  const exchange = record.exchange ?? null;
  const body = isJsonObject(record.value) ? record.value : null;
  const events = Array.isArray(body?.Events) ? body.Events : [];
  const source = typeof body?.Source === 'string' ? body.Source : undefined;

  const groups = new Map<string, { events: SessionEvent[]; found: Found }>();
  const strays: StrayEvent[] = [];
  const ofStrays = new Found(options);
  const parameter = exchange?.organizationParameter;
  let organizationId: string | null = isGuid(parameter) ? parameter : null;
  events.forEach((value: unknown, i) => {
    const pointer = `/Events/${i}`;
    const key = sessionKeyOf(value);
    const group = key === null ? null : (groups.get(key) ?? { events: [], found: new Found(options) });
    const event = inspectEvent(
      {
        value,
        place: { ...place, pointer: (place.pointer ?? '') + pointer },
        locate: (below) => record.locate(pointer + below),
        bare: false,
        source,
        was: record.were?.get(i),
      },
      group?.found ?? ofStrays,
    );
    organizationId ??= event.organizationId;
    if (key !== null && group) {
      groups.set(key, group);
      group.events.push(event);
    } else strays.push({ kind: 'stray', event });
  });

  const parts = [...groups].map(([key, { events: its, found }]) => {
    const session = { key, events: bySeqNumber(its), request: number, source, clipDuration: undefined };
    return { found, part: traffic.meet(session, exchange && place.input) };
  });
  const sessions = parts.map(({ part }) => part);
  const sighting = exchange && { input: place.input, exchange, organizationId };
  const request: RequestUnderCheck = {
    value: record.value,
    body,
    organizationId,
    exchange,
    disabledAt: sighting && traffic.disabledAt(sighting),
    sessions,
  };
  if (sighting) traffic.sent(number, sighting, sessions);
  const ofBody = inspectBody(request, place, record.locate, options);
  const deliveredTo = exchange?.answer?.enabled === true ? exchange.host : undefined;
  const base = record.place.pointer?.length ?? 0;
  const placeOf = (event: SessionEvent): Place => ({
    ...event.place,
    ...record.locate((event.place.pointer ?? '').slice(base)),
  });
  const ofSessions = parts.flatMap(({ part, found }): Inspected[] => {
    const { session, standing } = part;
    if (!isWithin(session, options.within)) return [{ kind: 'kept-out', session, standing }];
    const inspected = inspectPart(part, found, placeOf, request);
    return [
      ...asInspected(found.findings),
      { ...inspected, invalid: inspected.invalid || ofBody.invalid, deliveredTo },
    ];
  });
  // A request of kept-out sessions alone is kept out with them.
  const only = strays.length === 0 && ofSessions.length > 0;
  if (only && ofSessions.every(({ kind }) => kind === 'kept-out')) return ofSessions;
  return [
    { kind: 'request', number },
    ...asInspected(ofBody.findings),
    ...asInspected(ofStrays.findings),
    ...strays,
    ...ofSessions,
  ];
}

function inspectBody(
  request: RequestUnderCheck,
  place: Place,
  locate: Locate,
  options: InspectOptions,
): Found {
  const found = new Found(options);
  const reporter = (id: RuleId) => (problem: ValueProblem) =>
    found.add(id, problem, placeBelow(place, problem.pointer, locate), NO_SUBJECT);
  for (const rule of REQUEST_RULES) rule.check?.(request, reporter(rule.id));
  for (const rule of EVENT_RULES) if (request.body) rule.checkBody?.(request.body, reporter(rule.id));
  return found;
}
