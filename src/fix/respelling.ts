import { COLUMNS, EVENT_FLAG, WORDS_PER_EVENT } from '../domain/event-batch.js';
import type { RuleId } from '../domain/finding.js';
import { readGuidCell } from '../domain/guid.js';
import { Session } from '../domain/session.js';
import { comparableName } from '../domain/text.js';
import { losesDigits, readDecimal } from '../read/text.js';
import { readWrittenTime } from '../read/time/written.js';
import { BODY_PROPERTIES } from '../wire/body.js';
import { EVENT_FIELDS, EVENT_TYPES, type EventField, FIELD_DOCUMENTED } from '../wire/event.js';
import { sessionKeyOf } from '../wire/event-columns.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';

/** A name or a value that was changed to its documented form. */
export interface Respelled {
  readonly rule: RuleId;
  readonly what: string;
  readonly before: string;
  readonly after: string | number;
}

/** Writes an event's names and values in their documented form, where their meaning is certain. Null if nothing needs a change. */
export function spellEvent(
  value: unknown,
): { readonly event: JsonObject; readonly changes: readonly Respelled[] } | null {
  if (!isJsonObject(value)) return null;
  const renamed = rename(value, EVENT_FIELDS, 'missing-field', 'field renamed');
  const event = renamed?.object ?? value;
  const values = EVENT_FIELDS.flatMap((field) => {
    const respelled = respelledValue(field, event[field]);
    return respelled ? [{ field, respelled }] : [];
  });
  if (!renamed && values.length === 0) return null;
  return {
    event: {
      ...event,
      ...Object.fromEntries(values.map(({ field, respelled }) => [field, respelled.after])),
    },
    changes: [...(renamed?.changes ?? []), ...values.map(({ respelled }) => respelled)],
  };
}

/** Writes a request body's property names in the documented letter case. Null if nothing needs a change. */
export function spellBody(
  body: JsonObject,
): { readonly body: JsonObject; readonly changes: readonly Respelled[] } | null {
  const renamed = rename(body, BODY_PROPERTIES, 'request-shape', 'property renamed');
  return renamed && { body: renamed.object, changes: renamed.changes };
}

/** The documented value that a text means in a field. Null where the text needs no change, or its meaning is not certain. */
function respelledValue(field: EventField, text: unknown): Respelled | null {
  if (typeof text !== 'string') return null;
  const respelled = (rule: RuleId, what: string, after: string | number | undefined): Respelled | null =>
    after === undefined || after === text ? null : { rule, what, before: text, after };
  if (field === 'Type') return respelled('type-unknown', 'Type respelled', documentedType(text));
  if (FIELD_DOCUMENTED[field].type === 'string')
    return respelled('guid-format', 'id in the documented form', readGuidCell(text));
  const number = respelled('field-type', 'text turned into a number', exactNumber(text));
  if (number !== null || field !== 'Timestamp') return number;
  return respelled('field-type', 'time turned into unix seconds', unixSeconds(text));
}

/** The documented Type that is equal to a text, ignoring case. */
function documentedType(text: string): string | undefined {
  return EVENT_TYPES.find((known) => known.toLowerCase() === text.toLowerCase());
}

/** Different decimal numbers of at most this many digits are always different doubles. */
const EXACT_DIGITS = 15;

/** The number of a text; undefined where a double cannot hold all its digits. */
function exactNumber(text: string): number | undefined {
  const decimal = readDecimal(text);
  if (!decimal || losesDigits(text)) return undefined;
  const digits = decimal.digits.replace(/^0+/, '').replace(/0+$/, '');
  return digits.length <= EXACT_DIGITS ? Number(text) : undefined;
}

/** The whole unix seconds of a time text that has an offset. */
function unixSeconds(text: string): number | undefined {
  const time = readWrittenTime(text.trim());
  return typeof time === 'string' || time.offset === null ? undefined : time.wallSeconds - time.offset;
}

/**
 * Renames the properties that differ only in letter case, `_`, `-` or blanks from a documented name that is absent.
 * Renames nothing where two names are possible.
 * @returns Null where there is nothing to rename.
 */
function rename(
  object: JsonObject,
  documented: readonly string[],
  rule: RuleId,
  what: string,
): { readonly object: JsonObject; readonly changes: readonly Respelled[] } | null {
  const absent = documented.filter((name) => !Object.hasOwn(object, name));
  if (absent.length === 0) return null;
  const keys = Object.keys(object);
  const names = new Map<string, string>();
  for (const name of absent) {
    const [near, ...others] = keys.filter((key) => comparableName(key) === comparableName(name));
    if (near !== undefined && others.length === 0) names.set(near, name);
  }
  if (names.size === 0) return null;
  return {
    object: Object.fromEntries(Object.entries(object).map(([key, value]) => [names.get(key) ?? key, value])),
    changes: [...names].map(([before, after]) => ({ rule, what, before, after })),
  };
}

/** Whether any event of a session was respelled when it was read. */
export function hasRespelled(session: Session): boolean {
  for (let i = 0; i < session.count; i += 1) if (isRespelled(session, i)) return true;
  return false;
}

/**
 * A session as it was read, before its events were respelled. Reads one original value at a time, so that a session of
 * any size fits in memory.
 * @returns First the events whose original had no usable SessionId, each as a session with one event; then the session.
 * Each is valid until the next.
 */
export function* asRead(
  session: Session,
): Generator<
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'stray'; readonly event: Session }
> {
  const whole = opened(session);
  const stray = opened(session);
  for (let i = 0; i < session.count; i += 1) {
    const respelled = isRespelled(session, i);
    if (respelled && sessionKeyOf(session.raw(i).original) === null) {
      stray.count = 0;
      put(session, i, stray, respelled);
      stray.settle();
      yield { kind: 'stray', event: stray };
    } else put(session, i, whole, respelled);
  }
  whole.mixed = session.mixed;
  whole.clipDuration = session.clipDuration;
  whole.settle();
  if (whole.count > 0) yield { kind: 'session', session: whole };
}

function isRespelled(session: Session, i: number): boolean {
  return session.isRaw(i) && session.raw(i).original !== undefined;
}

/** A session without events, which reads the original values of another session's events. */
function opened(of: Session): Session {
  const session = new Session();
  const origin = {
    raw: (i: number) => {
      const { value, original } = of.raw(i);
      return { value: original ?? value };
    },
    locate: (i: number) => of.placeOf(i),
    pointer: (i: number) => of.placeOf(i).pointer,
  };
  session.begin(origin, of.inputs, of.request, of.requestSource);
  return session;
}

function put(from: Session, i: number, to: Session, respelled: boolean): void {
  const at = to.push();
  for (const name of COLUMNS) to[name][at] = from[name][i]!;
  to.inputNumbers[at] = from.inputNumbers[i]!;
  to.ids.set(from.ids.subarray(i * WORDS_PER_EVENT, (i + 1) * WORDS_PER_EVENT), at * WORDS_PER_EVENT);
  to.rows[at] = i;
  // The event already has its SeqNumber.
  to.flags[at]! &= ~EVENT_FLAG.unnumbered;
  // The columns hold the respelled values, so the event must be written from its raw value.
  if (respelled) to.flags[at]! |= EVENT_FLAG.invalid;
}
