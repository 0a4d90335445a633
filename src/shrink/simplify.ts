import { comparableName } from '../domain/text.js';
import { ENDPOINT_PATH } from '../wire/body.js';
import { isJsonObject } from '../wire/json.js';
import type { Check, Verdict } from './check.js';
import {
  type CapturedExchange,
  type Document,
  isRow,
  sessionKeyOf,
  type Unit,
  unitsOf,
  withField,
  withUnits,
} from './document.js';
import type { Budget } from './minimize.js';
import {
  KNOWN_FIELDS,
  plainSessions,
  type Step,
  simplerValues,
  TIMES,
  valueCost,
  wholeSteps,
} from './steps.js';

/** Up to this many sessions are simplified one by one, if they cannot be simplified together. */
const FEW_SESSIONS = 20;

/**
 * Finds a document with the simplest values: the fewest other rules with a finding, then the shortest and roundest values.
 * @param begin Unix seconds at which its times begin.
 */
export async function simplest(
  document: Document,
  check: Check,
  begin: number,
  budget: Budget,
): Promise<Document> {
  let best = document;
  const first = await check.run(document);
  if (!first) return document;
  let others = otherRules(first, check);
  let cost = costOf(document, begin);
  const take = async (candidate: Document | null): Promise<boolean> => {
    if (!candidate || budget.spent) return false;
    const itsCost = costOf(candidate, begin);
    if (itsCost >= cost && others === 0) return false;
    if (!budget.take()) return false;
    const verdict = await check.run(candidate);
    if (!verdict) return false;
    const itsOthers = otherRules(verdict, check);
    if (itsOthers > others || (itsOthers === others && itsCost >= cost)) return false;
    [best, others, cost] = [candidate, itsOthers, itsCost];
    return true;
  };
  for (let again = true; again && !budget.spent; ) {
    again = false;
    for (const step of wholeSteps(begin)) again = (await take(step(best))) || again;
    again = (await eachSession(best, begin, (step) => take(step(best)))) || again;
    again = (await eachSharedValue(best, begin, (step) => take(step(best)))) || again;
    again = (await eachProperty(best, (step) => take(step(best)))) || again;
    again = (await eachValue(best, begin, (step) => take(step(best)))) || again;
  }
  return best;
}

/** The number of rules with a finding, without the target. */
function otherRules({ rules }: Verdict, { target }: Check): number {
  return [...rules].filter((rule) => rule !== target.id).length;
}

type Take = (step: Step) => Promise<boolean>;

async function eachSession(document: Document, begin: number, take: Take): Promise<boolean> {
  const keys = [...new Set(unitsOf(document).map((unit) => sessionKeyOf(document, unit)))];
  if (keys.length < 2 || keys.length > FEW_SESSIONS) return false;
  let any = false;
  for (const key of keys)
    for (const fields of [['Type', 'Position', 'SeqNumber', ...TIMES], ['Position', ...TIMES], ['SeqNumber']])
      any = (await take((best) => plainSessions(best, fields, begin, key))) || any;
  return any;
}

/** Up to this many shared values are replaced in all their places at once. */
const FEW_VALUES = 20;

async function eachSharedValue(document: Document, begin: number, take: Take): Promise<boolean> {
  const counts = new Map<string, { readonly name: string; readonly value: unknown; count: number }>();
  for (const unit of unitsOf(document))
    for (const [name, value] of fieldsOf(document, unit)) {
      const key = JSON.stringify([name, value]);
      const known = counts.get(key) ?? { name, value, count: 0 };
      known.count += 1;
      counts.set(key, known);
    }
  const shared = [...counts.values()].filter(({ count }) => count > 1);
  if (shared.length > FEW_VALUES) return false;
  let any = false;
  for (const { name, value } of shared)
    for (const simpler of simplerValues(value, name, begin)) {
      const step: Step = (best) =>
        withUnits(best, (unit) =>
          fieldsOf(best, unit).some(([other, its]) => other === name && its === value)
            ? withField(best, unit, name, simpler)
            : unit,
        );
      if (!(await take(step))) continue;
      any = true;
      break;
    }
  return any;
}

/** The fields of an event, or the cells of a row, by their names. */
function fieldsOf({ header }: Document, unit: Unit): readonly (readonly [name: string, value: unknown])[] {
  return isRow(unit) ? unit.map((cell, i) => [header[i] ?? '', cell] as const) : Object.entries(unit);
}

/** Leaves out columns, and properties that are not documented, one by one. */
async function eachProperty(document: Document, take: Take): Promise<boolean> {
  let any = false;
  for (const name of document.header) any = (await take((best) => withoutColumn(best, name))) || any;
  const names = new Set(unitsOf(document).flatMap((unit) => (isRow(unit) ? [] : Object.keys(unit))));
  for (const name of names) {
    if (KNOWN_FIELDS.has(comparableName(name))) continue;
    any =
      (await take((best) =>
        withUnits(best, (unit) =>
          isRow(unit) ? unit : Object.fromEntries(Object.entries(unit).filter(([other]) => other !== name)),
        ),
      )) || any;
  }
  return any;
}

function withoutColumn(document: Document, name: string): Document | null {
  const at = document.header.indexOf(name);
  if (at < 0 || document.header.length < 2) return null;
  return {
    ...document,
    header: document.header.filter((_, i) => i !== at),
    parts: document.parts.map((part) =>
      part.kind === 'row' ? { ...part, cells: part.cells.filter((_, i) => i !== at) } : part,
    ),
  };
}

/** Tries simpler values for each value of each event or row, and of each body. */
async function eachValue(document: Document, begin: number, take: Take): Promise<boolean> {
  let any = false;
  for (const [n, unit] of unitsOf(document).entries()) {
    for (const [name, value] of fieldsOf(document, unit)) {
      for (const simpler of simplerValues(value, name, begin)) {
        const step: Step = (best) =>
          withUnits(best, (other, i) => (i === n ? withField(best, other, name, simpler) : other));
        if (!(await take(step))) continue;
        any = true;
        break;
      }
    }
  }
  for (const [at, part] of document.parts.entries()) {
    if (part.kind !== 'body' || !isJsonObject(part.body)) continue;
    for (const [name, value] of Object.entries(part.body)) {
      if (name === 'Events' && Array.isArray(value)) continue;
      for (const simpler of simplerValues(value, name, begin)) {
        const step: Step = (best) => {
          const now = best.parts[at];
          if (now?.kind !== 'body' || !isJsonObject(now.body)) return null;
          return { ...best, parts: best.parts.with(at, { ...now, body: { ...now.body, [name]: simpler } }) };
        };
        if (!(await take(step))) continue;
        any = true;
        break;
      }
    }
  }
  return any;
}

/** How complicated the values of a document are: lower is simpler. */
function costOf(document: Document, begin: number): number {
  let cost = 2 * document.clips.size + document.header.length;
  for (const unit of unitsOf(document)) {
    for (const [name, value] of fieldsOf(document, unit)) cost += 1 + valueCost(value, name, begin);
  }
  for (const part of document.parts) {
    if (part.kind === 'text') cost += part.text.length;
    if (part.kind === 'body') cost += bodyCost(part.body, begin);
    if ('exchange' in part && part.exchange) cost += exchangeCost(part.exchange, begin);
  }
  return cost;
}

function bodyCost(body: unknown, begin: number): number {
  if (!isJsonObject(body)) return valueCost(body, '', begin);
  return Object.entries(body)
    .filter(([name, value]) => name !== 'Events' || !Array.isArray(value))
    .reduce((sum, [name, value]) => sum + 1 + valueCost(value, name, begin), 0);
}

function exchangeCost(exchange: CapturedExchange, begin: number): number {
  const { host, path, mediaType, contentEncoding, beganAt, lasted, page, store, status, enabled } = exchange;
  return (
    [page, store, status, enabled, contentEncoding, lasted].filter((value) => value !== null).length +
    [
      host === 'endpoint.example',
      path === ENDPOINT_PATH,
      mediaType === 'application/json',
      status === null || status === 200,
      lasted === null || lasted === 0.1,
    ].filter((plain) => !plain).length +
    (beganAt === null ? 0 : valueCost(beganAt, 'Timestamp', begin)) +
    (exchange.organization === null ? 0 : valueCost(exchange.organization, 'OrganizationId', begin))
  );
}
