import type { RuleId } from '../domain/finding.js';
import type { Session, SessionEvent } from '../domain/session.js';
import { RULES } from '../rules/index.js';
import { sessionKeyOf } from '../validate/event.js';
import type { InspectOptions } from '../validate/options.js';
import { toWire } from '../wire/event.js';
import { isJsonObject, type JsonObject } from '../wire/shape.js';
import { type Change, type FixEvent, type MendSettings, sessionIdOf } from './define.js';
import { MENDS } from './index.js';
import { type Judged, judge } from './judge.js';
import { spellEvent } from './spell.js';

/** What became of a session that had something to mend. */
export interface Outcome {
  /** As it is to be written. */
  readonly session: Session;
  /** Events that it is not to be written with: they have no usable SessionId. */
  readonly strays: readonly SessionEvent[];
  /** Empty where it stays as it stands. */
  readonly changes: readonly Change[];
  /** Why it stays as it stands: the rules that would find something then, or still. */
  readonly kept: readonly RuleId[];
  /** Whether it has an error as it is to be written. */
  readonly unsound: boolean;
}

/**
 * Mends a session as far as that is certain: all of it, or nothing. It stays as it stands where a rule whose finding was mended still fires,
 * or where an error or a warning would come up that was not there; that it ends with a Start is no such warning, since no mend makes that.
 */
export function fixSession(of: Session, settings: MendSettings, options: InspectOptions): Outcome | null {
  let now = judge(of.events.map(asSpelled), of, options);
  let changes: readonly Change[] = of.events.flatMap(respellings);
  for (const each of MENDS) {
    const mended = each.mend(now, settings);
    if (!mended) continue;
    changes = [...changes, ...mended.changes];
    now = judge(mended.events, of, options);
  }
  if (changes.length === 0) return null;
  const mended = new Set(changes.map(({ rule }) => rule));
  const doubtful = [...now.fired].filter((rule) => mended.has(rule) || isDoubtful(rule));
  // What it was is asked only where that matters: it costs as much again.
  const before = doubtful.length > 0 ? judge(of.events.map(asRead), of, options) : null;
  const kept = doubtful.filter((rule) => mended.has(rule) || !before?.fired.has(rule));
  if (before && kept.length > 0) {
    return { ...asItStood(of), changes: [], kept, unsound: isUnsound(before) };
  }
  return { session: now.session, strays: now.strays, changes, kept: [], unsound: isUnsound(now) };
}

/** A session before its events were respelled. */
function asItStood(of: Session): Pick<Outcome, 'session' | 'strays'> {
  const [its, strays]: [SessionEvent[], SessionEvent[]] = [[], []];
  for (const { was, ...event } of of.events) {
    const usable = was === undefined || sessionKeyOf(was) !== null;
    (usable ? its : strays).push(was === undefined ? event : { ...event, sound: null, written: was });
  }
  return { session: { ...of, events: its }, strays };
}

function isUnsound({ fired }: Judged): boolean {
  return [...fired].some((rule) => RULES[rule].severity === 'error');
}

/** Whether a finding of the rule that was not there before tells against what was mended. */
function isDoubtful(rule: RuleId): boolean {
  return RULES[rule].severity !== 'info' && rule !== 'session-open';
}

function asRead(event: SessionEvent): FixEvent {
  const { place, was } = event;
  return { place, fields: isJsonObject(was) ? numbered(was, event) : fieldsOf(event) };
}

function asSpelled(event: SessionEvent): FixEvent {
  return { place: event.place, fields: fieldsOf(event) };
}

/** An event's JSON value, with its Source where it carries one itself. */
function fieldsOf(event: SessionEvent): JsonObject {
  const { sound, written, source, place } = event;
  if (isJsonObject(written)) return numbered(written, event);
  if (!sound) return {};
  return { ...toWire(sound), ...(place.request === null && source !== undefined && { Source: source }) };
}

/** With the number that the event was given where it came without. */
function numbered(fields: JsonObject, { seqNumber }: SessionEvent): JsonObject {
  const comesWith = Object.keys(fields).some((name) => name.toLowerCase() === 'seqnumber');
  return comesWith || seqNumber === null ? fields : { ...fields, SeqNumber: seqNumber };
}

function respellings(event: SessionEvent): Change[] {
  const spelled = event.was === undefined ? null : spellEvent(event.was);
  if (!spelled) return [];
  const sessionId = sessionIdOf(spelled.event);
  return spelled.changes.map((change) => ({ ...change, place: event.place, sessionId }));
}
