import { comparableName } from '../domain/text.js';
import { BODY_PROPERTIES, DEFAULT_SOURCE, ENDPOINT_PATH } from '../wire/body.js';
import { EVENT_FIELDS } from '../wire/event.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';
import {
  type CapturedExchange,
  type Document,
  eventsOf,
  fieldOf,
  isRow,
  type Part,
  sessionKeyOf,
  type Unit,
  unitsOf,
  withField,
  withUnits,
} from './document.js';
import { secondsOf } from './times.js';

/** Returns a simpler document to try instead of the given one; null if there is nothing to change. */
export type Step = (document: Document) => Document | null;

const EVENT_STEP_S = 10;
const SESSION_STEP_S = 3600;

/** The steps to try on the whole document, those that simplify the most first. */
export function wholeSteps(begin: number): readonly Step[] {
  const sets = [
    ['Type', 'Position', 'SeqNumber', ...TIMES],
    ['Type', 'Position', ...TIMES],
    ['Position', 'SeqNumber', ...TIMES],
    ['Position', ...TIMES],
    ['Type', 'SeqNumber'],
    TIMES,
    ['Position'],
    ['SeqNumber'],
    ['Type'],
  ];
  return [
    (document) => (document.clips.size > 0 ? { ...document, clips: new Map() } : null),
    withoutUnknown,
    (document) => oneId(document, 'OrganizationId'),
    (document) => oneId(document, 'ClipId'),
    plainBodies,
    ...exchangeSteps(begin),
    ...sets.map(
      (fields): Step =>
        (document) =>
          plainSessions(document, fields, begin),
    ),
  ];
}

export const TIMES = ['Timestamp', 'StartedAt', 'EndedAt'];
export const KNOWN_FIELDS: ReadonlySet<string> = new Set(EVENT_FIELDS.map(comparableName));

/** The document without undocumented properties of events and bodies, and without Source in bare events. */
function withoutUnknown(document: Document): Document {
  const events = withUnits(document, (unit) => (isRow(unit) ? unit : only(unit, KNOWN_FIELDS)));
  const known = new Set(BODY_PROPERTIES.map(comparableName));
  return withBodies(events, (body) => only(body, known));
}

function only(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.has(comparableName(name))));
}

function withBodies(document: Document, change: (body: JsonObject) => JsonObject): Document {
  const parts = document.parts.map(
    (part): Part =>
      part.kind === 'body' && isJsonObject(part.body) ? { ...part, body: change(part.body) } : part,
  );
  return { ...document, parts };
}

/** The document with one id in a field, its first, instead of all others. */
function oneId(document: Document, field: string): Document | null {
  const ids = unitsOf(document).map((unit) => fieldOf(document, unit, field));
  const first = ids.find((id) => typeof id === 'string' && id !== '');
  if (first === undefined || ids.every((id) => id === first)) return null;
  return withUnits(document, (unit) => withField(document, unit, field, first));
}

function plainBodies(document: Document): Document {
  return withBodies(document, (body) => ({
    ...body,
    ...(Object.hasOwn(body, 'Source') && { Source: DEFAULT_SOURCE }),
    ...(Object.hasOwn(body, 'Completed') && { Completed: true }),
  }));
}

function exchangeSteps(begin: number): readonly Step[] {
  const changed =
    (change: (exchange: CapturedExchange, n: number, body: unknown) => Partial<CapturedExchange>): Step =>
    (document) => {
      let n = -1;
      const parts = document.parts.map((part): Part => {
        if (part.kind !== 'body' && part.kind !== 'text') return part;
        if (!part.exchange) return part;
        n += 1;
        const body = part.kind === 'body' ? part.body : null;
        return { ...part, exchange: { ...part.exchange, ...change(part.exchange, n, body) } };
      });
      return n < 0 ? null : { ...document, parts };
    };
  return [
    changed(() => ({ page: null })),
    changed(() => ({ store: null })),
    changed(() => ({ status: null, enabled: null })),
    changed(({ status }) => (status === null ? {} : { status: 200 })),
    changed(() => ({ mediaType: 'application/json' })),
    changed(() => ({ path: ENDPOINT_PATH })),
    changed(() => ({ contentEncoding: null })),
    changed(() => ({ host: 'endpoint.example' })),
    changed(({ organization }, _n, body) => ({ organization: organizationIn(body) ?? organization })),
    changed(() => ({ lasted: null })),
    changed(({ lasted }) => ({ lasted: lasted === null ? null : 0.1 })),
    changed((_, n) => ({ beganAt: begin + SESSION_STEP_S + n * EVENT_STEP_S })),
    changed(({ beganAt }) => ({ beganAt: beganAt === null ? null : Math.round(beganAt) })),
  ];
}

function organizationIn(body: unknown): string | null {
  const [first] = eventsOf(body);
  const id = isJsonObject(first) ? first.OrganizationId : undefined;
  return typeof id === 'string' ? id : null;
}

/**
 * The document with plain sessions: a Start or a Stop every 10 s, in turn.
 * @param fields Which fields are set.
 * @param which Which sessions, by key; absent: all.
 */
export function plainSessions(
  document: Document,
  fields: readonly string[],
  begin: number,
  which?: string | null,
): Document {
  const sessions = new Map<string | null, number[]>();
  for (const [n, unit] of unitsOf(document).entries()) {
    const key = sessionKeyOf(document, unit);
    sessions.set(key, [...(sessions.get(key) ?? []), n]);
  }
  const units = unitsOf(document);
  const places = new Map<number, { readonly session: number; readonly at: number }>();
  for (const [session, [key, its]] of [...sessions].entries()) {
    if (which !== undefined && key !== which) continue;
    const order = its.toSorted((a, b) => seqOf(document, units[a]!) - seqOf(document, units[b]!));
    for (const [at, n] of order.entries()) places.set(n, { session, at });
  }
  return withUnits(document, (unit, n) => {
    const place = places.get(n);
    if (!place) return unit;
    const { session, at } = place;
    const values: Readonly<Record<string, unknown>> = {
      Type: at % 2 === 0 ? 'Start' : 'Stop',
      Position: Math.ceil(at / 2) * EVENT_STEP_S,
      SeqNumber: at + 1,
      Timestamp: begin + session * SESSION_STEP_S + at * EVENT_STEP_S,
      StartedAt: written(begin + session * SESSION_STEP_S + at * EVENT_STEP_S),
      EndedAt: written(begin + session * SESSION_STEP_S + (at + 1) * EVENT_STEP_S),
    };
    return fields.reduce<Unit>((changed, field) => withField(document, changed, field, values[field]), unit);
  });
}

function written(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** The number by which events are sorted: those without a SeqNumber are last. */
function seqOf(document: Document, unit: Unit): number {
  const value = fieldOf(document, unit, 'SeqNumber');
  const seq = typeof value === 'number' ? value : Number(value ?? Number.NaN);
  return Number.isFinite(seq) ? seq : Number.MAX_SAFE_INTEGER;
}

const TIME_COLUMNS: ReadonlySet<string> = new Set(TIMES.map(comparableName));
/** For these columns, a lower value is simpler than a rounder one. */
const COUNTERS: ReadonlySet<string> = new Set(['seqnumber']);
const DOCUMENTED: ReadonlySet<string> = new Set([...EVENT_FIELDS, ...BODY_PROPERTIES].map(comparableName));
/** The simplest texts of a column. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  type: ['Start', 'Stop'],
  source: [DEFAULT_SOURCE],
};
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** Simpler values to try instead of a value, the simplest first. */
export function simplerValues(value: unknown, name: string, begin: number): readonly unknown[] {
  const column = comparableName(name);
  if (typeof value === 'number') return simplerNumbers(value, column, begin);
  if (typeof value === 'string') return simplerTexts(value, column, begin);
  if (Array.isArray(value)) return value.length > 0 ? [[]] : [];
  if (isJsonObject(value)) return Object.keys(value).length > 0 ? [{}] : [];
  return DOCUMENTED.has(column) ? [] : [1];
}

function simplerTexts(text: string, column: string, begin: number): readonly unknown[] {
  const plain = PLAIN[column];
  if (plain) return plain.filter((other) => other !== text);
  if (NUMBER.test(text)) return simplerNumbers(Number(text), column, begin).map(String);
  if (column === 'segments' && text !== '0-10') return ['0-10', '0-100', '0-1000'];
  return [];
}

/** Round numbers, then the number itself with fewer digits. Times are relative to the beginning of the document. */
function simplerNumbers(value: number, column: string, begin: number): readonly number[] {
  const offset = offsetOf(value, column, begin);
  const relative = value - offset;
  const sign = Math.sign(relative) || 1;
  const round = (COUNTERS.has(column) ? [1, 2, 3, 4] : [0, 1, 10, 100, 1000, 10_000]).flatMap((size) =>
    size === 0 ? [0] : [sign * size, size],
  );
  const shorter = Number.isFinite(relative)
    ? [1, 2, 3].flatMap((digits) => Number(relative.toPrecision(digits)))
    : [];
  const fewerDecimals = [0, 1, 2, 3].map((digits) => Math.round(relative * 10 ** digits) / 10 ** digits);
  const cost = numberCost(value, column, begin);
  return [...new Set([...round, ...shorter, ...fewerDecimals])]
    .map((number) => offset + number)
    .filter((number) => Number.isFinite(number) && number !== value)
    .filter((number) => numberCost(number, column, begin) < cost);
}

/** The beginning of the document in the unit of a number; 0 if the number is not a time. */
function offsetOf(value: number, column: string, begin: number): number {
  if (!TIME_COLUMNS.has(column)) return 0;
  const seconds = secondsOf(value);
  if (seconds === undefined) return 0;
  return begin * Math.round(value / seconds);
}

/** How complicated a value is: 0 is the simplest. */
export function valueCost(value: unknown, name: string, begin: number): number {
  const column = comparableName(name);
  if (typeof value === 'number') return numberCost(value, column, begin);
  if (typeof value === 'string') {
    const plain = PLAIN[column];
    if (plain) return plain.includes(value) ? 0 : 1 + value.length;
    if (NUMBER.test(value)) return numberCost(Number(value), column, begin);
    return digitsOf(value);
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).reduce((sum, [inner, each]) => sum + 1 + valueCost(each, inner, begin), 0);
  return value === null && !DOCUMENTED.has(column) ? 2 : 0;
}

/** Other digits cost more than zeros; of two equally long numbers, the lower one costs less. */
function numberCost(value: number, column: string, begin: number): number {
  const number = value - offsetOf(value, column, begin);
  return digitsOf(String(number)) + Math.min(Math.abs(number), 1e9) / 1e10;
}

function digitsOf(text: string): number {
  return text.length + 2 * text.replaceAll(/[0.\-:TZ]/g, '').length;
}
