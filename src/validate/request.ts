import type { RuleId } from '../domain/finding.js';
import type { Place } from '../domain/place.js';
import type { Locate, RequestRecord } from '../domain/record.js';
import type { Session, SessionEvent } from '../domain/session.js';
import type { RequestUnderCheck, Standing, ValueProblem } from '../rules/define.js';
import { EVENT_RULES, REQUEST_RULES } from '../rules/index.js';
import { bySeqNumber } from '../sessions/order.js';
import { isJsonObject } from '../wire/shape.js';
import { inspectEvent, sessionKeyOf } from './event.js';
import { Found, NO_SUBJECT } from './found.js';
import { asInspected, type Inspected, type StrayEvent } from './inspected.js';
import type { InspectOptions } from './options.js';
import { placeBelow } from './place.js';
import { inspectPart } from './session.js';

/**
 * Checks one request: the body, its events, and its sessions, which are whole in it.
 * @param number Which request of the run it is, from 0.
 * @param standingOf How a session stands to earlier requests.
 */
export function inspectRequest(
  record: RequestRecord,
  number: number,
  standingOf: (session: Session) => Standing,
  options: InspectOptions,
): Inspected[] {
  const place: Place = { ...record.place, request: number };
  const body = isJsonObject(record.value) ? record.value : null;
  const events = Array.isArray(body?.Events) ? body.Events : [];
  const source = typeof body?.Source === 'string' ? body.Source : undefined;

  const groups = new Map<string, { events: SessionEvent[]; found: Found }>();
  const strays: StrayEvent[] = [];
  const ofStrays = new Found(options);
  let organizationId: string | null = null;
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
    return { found, part: { session, standing: standingOf(session) } };
  });
  const request: RequestUnderCheck = {
    value: record.value,
    body,
    organizationId,
    sessions: parts.map(({ part }) => part),
  };
  const ofBody = inspectBody(request, place, record.locate, options);
  const base = record.place.pointer?.length ?? 0;
  const placeOf = (event: SessionEvent): Place => ({
    ...event.place,
    ...record.locate((event.place.pointer ?? '').slice(base)),
  });
  return [
    { kind: 'request' },
    ...asInspected(ofBody.findings),
    ...asInspected(ofStrays.findings),
    ...strays,
    ...parts.flatMap(({ part, found }) => {
      const session = inspectPart(part, found, placeOf, request);
      return [...asInspected(found.findings), { ...session, invalid: session.invalid || ofBody.invalid }];
    }),
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
