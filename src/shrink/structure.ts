import { isJsonObject, type JsonObject } from '../wire/json.js';
import {
  type Document,
  eventsOf,
  fieldOf,
  isSmaller,
  type Part,
  sessionKeyOf,
  sizeOf,
  type Unit,
  unitsOf,
  withField,
  withUnits,
} from './document.js';
import { type Budget, minimize, shorterText } from './minimize.js';

/** Whether a document still has the target. */
export type Shows = (document: Document) => Promise<boolean>;

/** Finds a document with the fewest requests, then the fewest sessions, then the fewest events. */
export async function smallest(document: Document, shows: Shows, budget: Budget): Promise<Document> {
  let best = document;
  for (;;) {
    const before = sizeOf(best);
    best = await fewerRequests(best, shows, budget);
    best = await fewerSessions(best, shows, budget);
    best = await fewerEvents(best, shows, budget);
    best = await shorterTexts(best, shows, budget);
    if (budget.spent || !isSmaller(sizeOf(best), before)) return best;
  }
}

async function fewerRequests(document: Document, shows: Shows, budget: Budget): Promise<Document> {
  let best = document;
  const keep = (parts: readonly Part[]): Document => ({ ...document, parts });
  const requests = document.parts.filter(isRequest);
  const kept = await minimize(
    requests,
    (some) => {
      const set = new Set<Part>(some);
      return shows(keep(document.parts.filter((part) => !isRequest(part) || set.has(part))));
    },
    budget,
  );
  const set = new Set<Part>(kept);
  best = keep(document.parts.filter((part) => !isRequest(part) || set.has(part)));
  const joined = inOneBody(best);
  return joined && (await shows(joined)) ? joined : best;
}

/** Whether a part is a request or a text that cannot be parsed: these parts are left out as a whole. */
function isRequest({ kind }: Part): boolean {
  return kind === 'body' || kind === 'text';
}

/** The document with the events of all bodies in the first one; null unless there are several bodies with events. */
function inOneBody(document: Document): Document | null {
  const bodies = document.parts.flatMap((part) => (part.kind === 'body' ? [part] : []));
  const [first, ...others] = bodies;
  if (!first || others.length === 0 || !bodies.every(({ body }) => eventsOf(body).length > 0)) return null;
  const Events = bodies.flatMap(({ body }) => eventsOf(body));
  const joined: Part = { ...first, body: { ...(first.body as JsonObject), Events } };
  const parts = document.parts.flatMap((part): readonly Part[] =>
    part === first ? [joined] : part.kind === 'body' ? [] : [part],
  );
  return { ...document, parts };
}

async function fewerSessions(document: Document, shows: Shows, budget: Budget): Promise<Document> {
  const keys = unitsOf(document).map((unit, n) => sessionKeyOf(document, unit) ?? String(n));
  const withSessions = (some: readonly string[]): Document => {
    const set = new Set(some);
    return withUnits(document, (unit, n) => (set.has(keys[n]!) ? unit : null));
  };
  const all = [...new Set(keys)];
  const kept = await minimize(all, (some) => shows(withSessions(some)), budget);
  return kept.length < all.length ? withSessions(kept) : document;
}

async function fewerEvents(document: Document, shows: Shows, budget: Budget): Promise<Document> {
  const all = unitsOf(document).map((_, n) => n);
  const kept = await minimize(all, (some) => shows(withoutOthers(document, some)), budget);
  const best = kept.length < all.length ? withoutOthers(document, kept) : document;
  return withoutNonEvents(best, shows);
}

/** Removes elements of `Events` that are not objects. */
async function withoutNonEvents(document: Document, shows: Shows): Promise<Document> {
  let best = document;
  for (const [at, part] of document.parts.entries()) {
    if (part.kind !== 'body') continue;
    const events = eventsOf(part.body);
    for (const strange of events.filter((event) => !isJsonObject(event))) {
      const now = best.parts[at] as Extract<Part, { kind: 'body' }>;
      const Events = eventsOf(now.body).filter((event) => event !== strange);
      const less: Part = { ...now, body: { ...(now.body as JsonObject), Events } };
      const fewer = { ...best, parts: best.parts.with(at, less) };
      if (Events.length > 0 && (await shows(fewer))) best = fewer;
    }
  }
  return best;
}

/**
 * The document with only some of its events. Renumbers them so that leaving out events makes no new gap in the SeqNumbers; gaps
 * that existed before remain.
 */
function withoutOthers(document: Document, kept: readonly number[]): Document {
  const units = unitsOf(document);
  const keeps = new Set(kept);
  const keyOf = (unit: Unit): string => sessionKeyOf(document, unit) ?? '';
  /** The SeqNumbers of the events that are left out, by session. */
  const gone = new Map<string, Set<number>>();
  const left = new Map<string, Set<number>>();
  for (const [n, unit] of units.entries()) {
    const seq = seqOf(document, unit);
    if (seq === undefined) continue;
    const sets = keeps.has(n) ? left : gone;
    const key = keyOf(unit);
    sets.set(key, (sets.get(key) ?? new Set()).add(seq));
  }
  const closed = new Map(
    [...gone].map(([key, seqs]) => {
      const its = left.get(key);
      return [key, [...seqs].filter((seq) => !its?.has(seq)).sort((a, b) => a - b)] as const;
    }),
  );
  return withUnits(document, (unit, n) => {
    if (!keeps.has(n)) return null;
    const seq = seqOf(document, unit);
    const before = closed.get(keyOf(unit));
    if (seq === undefined || !before || before.length === 0) return unit;
    const fewer = countBelow(before, seq);
    return fewer === 0 ? unit : withField(document, unit, 'SeqNumber', seq - fewer);
  });
}

/** How many of the sorted numbers are below `limit`. */
function countBelow(numbers: readonly number[], limit: number): number {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (numbers[middle]! < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

function seqOf(document: Document, unit: Unit): number | undefined {
  const value = fieldOf(document, unit, 'SeqNumber');
  const seq = typeof value === 'string' && value.trim() !== '' && Array.isArray(unit) ? Number(value) : value;
  return typeof seq === 'number' && Number.isSafeInteger(seq) ? seq : undefined;
}

async function shorterTexts(document: Document, shows: Shows, budget: Budget): Promise<Document> {
  let best = document;
  for (const [at, part] of document.parts.entries()) {
    if (part.kind !== 'text') continue;
    const withText = (text: string): Document => ({ ...best, parts: best.parts.with(at, { ...part, text }) });
    best = withText(await shorterText(part.text, (text) => shows(withText(text)), budget));
  }
  return best;
}
