import type { Exchange } from '../../src/domain/record.js';
import { type NaiveEvent, naiveEventRules } from './naive-event.js';
import { distinct, group, sameEvents } from './naive-group.js';
import {
  has,
  isGuid,
  isObject,
  type Json,
  lower,
  type NaiveSettings,
  pointerTo,
  unknownProperties,
} from './naive-json.js';
import { naiveSessionRules } from './naive-session.js';
import { NaiveTraffic } from './naive-traffic.js';

/** What stands in an input, one after the other. */
export interface NaiveInput {
  readonly kind: 'event' | 'request';
  readonly value: unknown;
  /** How a request went over the wire, where the input tells it. */
  readonly exchange?: Exchange | undefined;
}

interface NaiveFinding {
  readonly rule: string;
  readonly sessionId: string | null;
  readonly seqNumber: number | null;
  readonly request: number | null;
  /** Which input it stands in, from 0. */
  readonly input: number;
  readonly path: string;
}

export interface NaiveResult {
  readonly findings: readonly NaiveFinding[];
  readonly requests: number;
  readonly sessions: number;
  readonly events: number;
  readonly playedSeconds: number;
}

/**
 * A second reading of the rule catalogue, written from its text: as plain as it can be, quadratic where that is plainer, and sharing nothing
 * with src. The property tests hold the real validator to it.
 *
 * Takes a list of inputs; gives the findings, in no order, and the summary's figures.
 */
export function naive(inputs: readonly NaiveInput[], settings: NaiveSettings): NaiveResult {
  const findings: NaiveFinding[] = [];
  const firstParts = new Map<string, NaiveEvent[]>();
  const bare: NaiveEvent[] = [];
  const traffic = new NaiveTraffic();
  let requests = 0;
  let events = 0;
  let playedMs = 0;

  const reportAt = (event: NaiveEvent, rule: string, path = '') =>
    findings.push({
      rule,
      sessionId: isObject(event.value) && isGuid(event.value.SessionId) ? event.value.SessionId : null,
      seqNumber:
        isObject(event.value) && typeof event.value.SeqNumber === 'number' ? event.value.SeqNumber : null,
      request: event.request,
      input: event.input,
      path: event.path + path,
    });

  function checkEvent(event: NaiveEvent, exchange?: Exchange) {
    events += 1;
    const isSent = (exchange?.beganAt ?? settings.now) < settings.now;
    for (const { rule, path } of naiveEventRules(event, settings))
      if (!(isSent && rule === 'timestamp-future')) reportAt(event, rule, path);
  }

  function checkSession(key: string, session: NaiveEvent[], exchange?: Exchange) {
    const first = firstParts.get(key);
    if (first === undefined) {
      firstParts.set(key, session);
      const { problems, playedMs: played } = naiveSessionRules(session, settings, exchange?.beganAt ?? null);
      for (const { rule, at } of problems) reportAt(at, rule);
      playedMs += played;
      return;
    }
    const same = sameEvents(session, first);
    const again = exchange && traffic.wasDelivered(key, session) ? 'session-sent-again' : 'session-resent';
    reportAt(session[0] as NaiveEvent, same ? again : 'session-split');
    if (same) events -= session.length;
  }

  function checkRequest(body: Json, input: number, request: number, exchange?: Exchange) {
    const report = (rule: string, path: string) =>
      findings.push({ rule, sessionId: null, seqNumber: null, request, input, path });
    const events = isObject(body) && Array.isArray(body.Events) ? body.Events : [];
    const written = events.find(
      (event: Json) => isObject(event) && isGuid(event.OrganizationId),
    )?.OrganizationId;
    const named = exchange?.organizationParameter;
    const organization: string | undefined = isGuid(named) ? String(named) : written;
    if (exchange) {
      for (const rule of traffic.requestRules(exchange, organization)) report(rule, '');
    }
    if (!isObject(body)) {
      report('request-shape', '');
      if (exchange) traffic.sent(exchange, organization, new Map());
      return;
    }
    for (const [name, isRight] of [
      ['Source', (value: Json) => typeof value === 'string'],
      ['Events', (value: Json) => Array.isArray(value)],
      ['Completed', (value: Json) => typeof value === 'boolean'],
    ] as const) {
      if (!has(body, name)) report('request-shape', '');
      else if (!isRight(body[name])) report('request-shape', `/${name}`);
    }
    if (typeof body.Source === 'string' && !SOURCES.includes(body.Source))
      report('source-unknown', '/Source');
    if (body.Source === 'Web') report('source-reserved', '/Source');
    if (body.Completed === false) report('not-completed', '/Completed');
    for (const key of unknownProperties(body, ['Source', 'Events', 'Completed'])) {
      report('unknown-property', pointerTo(key));
    }
    if (Array.isArray(body.Events) && body.Events.length === 0) report('events-empty', '/Events');

    const held: NaiveEvent[] = events.map((value: Json, index: number) => ({
      value,
      input,
      request,
      path: `/Events/${index}`,
      bare: false,
    }));
    for (const event of held) checkEvent(event, exchange);
    for (const [key, session] of group(held)) {
      checkSession(key, session, exchange);
      const last = session.at(-1)!;
      const began = exchange?.beganAt ?? settings.now;
      const { Timestamp: latest } = last.value;
      const isTime = typeof latest === 'number' && latest >= 1e9 && latest < 1e11;
      if (began < settings.now && isTime && ms(latest) > ms(began) + 300_000)
        reportAt(last, 'timestamp-future');
      if (exchange)
        for (const event of traffic.leaks(key, session, exchange)) reportAt(event, 'event-leaked');
      if (distinct(session, 'OrganizationId') > 1) continue;
      const other = session.find(
        ({ value }) => isGuid(value.OrganizationId) && lower(value.OrganizationId) !== lower(organization),
      );
      if (other) reportAt(other, 'organization-mismatch');
    }
    if (exchange) traffic.sent(exchange, organization, group(held));
  }

  for (const [input, { kind, value, exchange }] of inputs.entries()) {
    if (kind === 'request') {
      checkRequest(value, input, requests, exchange);
      requests += 1;
    } else {
      const event = { value, input, request: null, path: '', bare: true };
      checkEvent(event);
      bare.push(event);
    }
  }
  for (const [key, session] of group(bare)) {
    checkSession(key, session);
    const unknown = session.find(
      ({ value }) => typeof value.Source === 'string' && !SOURCES.includes(value.Source),
    );
    if (unknown) reportAt(unknown, 'source-unknown');
    const reserved = session.find(({ value }) => value.Source === 'Web');
    if (reserved) reportAt(reserved, 'source-reserved');
  }
  return { findings, requests, sessions: firstParts.size, events, playedSeconds: playedMs / 1000 };
}

const ms = (seconds: number) => Math.round(seconds * 1000);
const SOURCES = ['MobileApp', 'SmartSpeaker', 'CustomWeb', 'Custom', 'Web'];
