import type { Finding } from '../domain/finding.js';
import { Check, hasTarget, mistakeOf, type Settings, type Target, type Verdict } from './check.js';
import { type Document, isSmaller, type Part, sessionKeyOf, sizeOf, unitsOf, withUnits } from './document.js';
import type { Budget } from './minimize.js';
import { blandText, ownTexts, renamed } from './rename.js';
import { simplest } from './simplify.js';
import { smallest } from './structure.js';
import { beginningFor, earliestOf, movedBy } from './times.js';

export interface ShrinkOptions {
  readonly settings: Settings;
  readonly target: Target;
  /** The verdict on the whole input. */
  readonly verdict: Verdict;
  /** The name of the input: a config file can set severities by name. */
  readonly name: string;
  /** Words that appear in the command line, which must not be replaced. */
  readonly words: ReadonlySet<string>;
  readonly budget: Budget;
  /** Called with the document each time it becomes smaller. */
  readonly onSmaller?: ((document: Document) => void) | undefined;
}

/** The result of shrinking. */
export interface Shrunk {
  readonly document: Document;
  readonly verdict: Verdict;
  /** Texts of the input that the result still holds, because the finding needs them. */
  readonly kept: readonly string[];
}

/**
 * Shrinks an input to a smallest one that still has the finding or the diagnosis, and no new error.
 * @returns null if the input no longer has the target once it is read as a document and written again
 */
export async function shrink(document: Document, options: ShrinkOptions): Promise<Shrunk | null> {
  const { budget, onSmaller } = options;
  const start = await startOf(document, options);
  if (!start) return null;
  let { check } = start;
  const begin = beginningFor(options.settings.rules.now);
  let best = start.document;
  const shows = async (candidate: Document): Promise<boolean> => {
    if (!budget.take()) return false;
    const shown = (await check.run(candidate)) !== null;
    if (shown) onSmaller?.(candidate);
    return shown;
  };
  best = await smallest(best, shows, budget);
  const anonymous = await withoutOwnWords(best, check, options.words);
  best = anonymous.document;
  best = await withMovedTimes(best, check, begin);
  for (let again = true; again; ) {
    const before = sizeOf(best);
    best = await simplest(best, check, begin, budget);
    best = await smallest(best, shows, budget);
    again = isSmaller(sizeOf(best), before) && !budget.spent;
  }
  // Renumber the ids that are left from 1.
  const counted = renamed(best, { words: options.words, texts: new Set(anonymous.kept) });
  if (await check.run(counted)) best = counted;
  check = check.with({ mistake: null });
  return { document: best, verdict: (await check.verdict(best))!, kept: anonymous.kept };
}

interface Start {
  readonly document: Document;
  readonly check: Check;
}

/**
 * The document to start from: only the session of one finding, its request, or everything up to it, if that still has the
 * target; otherwise the whole document. The errors of this document are the only ones that later documents may have.
 */
async function startOf(document: Document, options: ShrinkOptions): Promise<Start | null> {
  const { settings, target, verdict, name } = options;
  const any = new Check(settings, target, name, null, verdict.errors);
  for (const finding of verdict.findings) {
    for (const part of aroundFinding(document, finding)) {
      const check = any.with({ mistake: mistakeOf(finding) });
      const drawn = await check.run(part);
      if (drawn) return { document: part, check: check.with({ errors: drawn.errors }) };
    }
  }
  for (const part of aroundExamples(document, verdict)) {
    const drawn = await any.run(part);
    if (drawn) return { document: part, check: any.with({ errors: drawn.errors }) };
  }
  const drawn = await any.run(document);
  if (!drawn || !hasTarget(drawn, target)) return null;
  const [first] = drawn.findings;
  const wanted = first === undefined ? null : mistakeOf(first);
  return { document, check: any.with({ mistake: wanted, errors: drawn.errors }) };
}

/** Parts of the document that can still have a finding, the smallest first. */
function* aroundFinding(document: Document, finding: Finding): Generator<Document> {
  const { parts } = document;
  const at = partOf(document, finding);
  const key = finding.sessionId?.toLowerCase();
  if (key !== undefined) {
    const holding = parts.filter((part) => hasSession(document, part, key));
    yield withUnits({ ...document, parts: holding }, (unit) =>
      sessionKeyOf(document, unit) === key ? unit : null,
    );
    yield { ...document, parts: holding };
  }
  if (at === undefined) return;
  yield { ...document, parts: [parts[at]!] };
  yield { ...document, parts: parts.slice(0, at + 1) };
}

/** How many sessions before and after each example of a diagnosis to include. */
const NEIGHBOURS = [0, 2, 8, 32, 128];

/** Documents of the sessions that a diagnosis names as examples, with more and more of their neighbours. */
function* aroundExamples(document: Document, { diagnosis }: Verdict): Generator<Document> {
  if (!diagnosis) return;
  const sessions = withoutTexts(document);
  const keys = [...new Set(unitsOf(sessions).map((unit) => sessionKeyOf(document, unit)))];
  const examples = diagnosis.examples.map((id) => keys.indexOf(id)).filter((at) => at >= 0);
  if (examples.length === 0) return;
  for (const beside of NEIGHBOURS) {
    if (beside * 2 > keys.length) return;
    const near = new Set(examples.flatMap((at) => keys.slice(Math.max(0, at - beside), at + beside + 1)));
    yield withUnits(sessions, (unit) => (near.has(sessionKeyOf(document, unit)) ? unit : null));
  }
}

function withoutTexts(document: Document): Document {
  return { ...document, parts: document.parts.filter(({ kind }) => kind !== 'text') };
}

/** The index of the part with a finding; undefined if it is not found. */
function partOf({ format, parts, places }: Document, { place }: Finding): number | undefined {
  const element = /^\/(\d+)(?=\/|$)/.exec(place.pointer ?? '')?.[1];
  const wanted = format === 'har' ? place.entry : format === 'json' ? Number(element ?? 0) : place.line;
  const at = parts.findIndex((part) => places.get(part) === wanted);
  return at < 0 ? undefined : at;
}

function hasSession(document: Document, part: Part, key: string): boolean {
  return unitsOf({ parts: [part] }).some((unit) => sessionKeyOf(document, unit) === key);
}

/** Replaces ids and texts, except those that the finding needs. */
async function withoutOwnWords(
  document: Document,
  check: Check,
  words: ReadonlySet<string>,
): Promise<{ readonly document: Document; readonly kept: readonly string[] }> {
  const shows = async (candidate: Document): Promise<boolean> => (await check.run(candidate)) !== null;
  const bland = await withBlandTexts(document, shows);
  const texts = new Set<string>();
  let replaced = renamed(bland, { words, texts });
  if (await shows(replaced)) return { document: replaced, kept: [] };
  // Find the texts that must stay: start with all texts unreplaced, and replace one after the other if the finding remains.
  const own = ownTexts(bland);
  for (const text of own) texts.add(text);
  for (const text of own) {
    texts.delete(text);
    if (!(await shows(renamed(bland, { words, texts })))) texts.add(text);
  }
  replaced = renamed(bland, { words, texts });
  const written = new Set(ownTexts(replaced));
  return { document: replaced, kept: [...texts].filter((text) => written.has(text)) };
}

async function withBlandTexts(
  document: Document,
  shows: (candidate: Document) => Promise<boolean>,
): Promise<Document> {
  let best = document;
  for (const [at, part] of document.parts.entries()) {
    if (part.kind !== 'text') continue;
    const withText = (text: string): Document => ({ ...best, parts: best.parts.with(at, { ...part, text }) });
    best = withText(await blandText(part.text, (text) => shows(withText(text))));
  }
  return best;
}

/**
 * Moves all times so that the earliest is a round moment. If the finding would disappear, moves them by whole days, or not at
 * all.
 */
async function withMovedTimes(document: Document, check: Check, begin: number): Promise<Document> {
  const earliest = earliestOf(document);
  if (earliest === undefined) return document;
  const distance = begin - earliest;
  for (const seconds of [distance, Math.round(distance / DAY_S) * DAY_S]) {
    const moved = movedBy(document, seconds);
    if (await check.run(moved)) return moved;
  }
  return document;
}

const DAY_S = 86_400;
