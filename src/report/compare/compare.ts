import { type MemoryBudget, memoryBudget } from '../../sessions/memory.js';
import { SpillLog } from '../../sessions/spill-log.js';
import type { Summary } from '../../validate/inspected.js';
import type { SortedClips } from '../clip-table.js';
import type { ClipFigures, Report, ReportTotals } from '../output.js';

/** The measures that are compared in two reports. */
export const MEASURES = [
  'plays',
  'filtered',
  'average',
  'completion',
  'findings',
  'events',
  'pauses',
  'jumps',
  'open',
  'diagnoses',
] as const;
export type Measure = (typeof MEASURES)[number];

/** The part of a report that a comparison needs. */
export interface Side extends Pick<Report, 'minDuration'> {
  readonly totals: Pick<ReportTotals, 'verified' | 'filtered' | 'totalSeconds' | 'unreadable'>;
  /** The clips, in order of ClipId. */
  readonly clips: Iterable<SideClip>;
  /** Null if the side is a saved report, which has no findings. */
  readonly summary: Pick<Summary, 'sessions' | 'errors' | 'warnings'> | null;
  /** Null where the side is a saved report. */
  readonly behaviour: Behaviour | null;
  /** How many diagnoses there are. Null where the side is a saved report of a version that had no diagnoses. */
  readonly diagnoses: number | null;
}

/** What listeners did, summed over the sessions whose order is known. */
export interface Behaviour {
  readonly sessions: number;
  readonly events: number;
  /** How many Starts are less than a second from the Stop before. */
  readonly pauses: number;
  /** How many Starts are at another position than the Stop before. */
  readonly jumps: number;
  /** How many sessions end with a Start. */
  readonly open: number;
}

export type SideClip = Pick<
  ClipFigures,
  'clipId' | 'plays' | 'filtered' | 'totalSeconds' | 'averageSeconds' | 'duration' | 'durationKnown'
> & {
  readonly completion: Pick<ClipFigures['completion'], 'average' | 'max'>;
};

/** Copies the part of a report that a comparison needs. The clips are in memory up to the budget, on disk beyond it. */
export function sideOf(
  { minDuration, totals, clips: { byId }, diagnoses }: Report<SortedClips>,
  { summary, behaviour }: Pick<Side, 'summary' | 'behaviour'>,
  memory: MemoryBudget,
): Side & { close(): void } {
  const clips = new Records<SideClip>(memory);
  for (const {
    clipId,
    plays,
    filtered,
    totalSeconds,
    averageSeconds,
    duration,
    durationKnown,
    completion,
  } of byId) {
    const { average, max } = completion;
    const figures = { clipId, plays, filtered, totalSeconds, averageSeconds, duration, durationKnown };
    clips.add({ ...figures, completion: { average, max } });
  }
  const count = diagnoses.length;
  return { minDuration, totals, clips, summary, behaviour, diagnoses: count, close: () => clips.close() };
}

/** Values that JSON can hold, in memory up to a budget, on disk beyond it. */
class Records<T> implements Iterable<T> {
  readonly #log: SpillLog;

  constructor(memory: MemoryBudget) {
    this.#log = new SpillLog(memory);
  }

  /** Adds a value. Returns its address. */
  add(value: T): number {
    return this.#log.add(Buffer.from(JSON.stringify(value)));
  }

  at(address: number): T {
    return JSON.parse(this.#log.at(address).toString()) as T;
  }

  *[Symbol.iterator](): Generator<T> {
    for (const record of this.#log) yield JSON.parse(record.toString()) as T;
  }

  close(): void {
    this.#log.close();
  }
}

/** A measure of both sides; null if it cannot be computed. */
export interface Difference {
  readonly before: number | null;
  readonly after: number | null;
  /** `after` minus `before`, in the measure's unit. */
  readonly change: number | null;
  /** The change as a share of `before`; also null where `before` is 0 and `after` is not. */
  readonly relative: number | null;
}

export interface ClipDifference {
  readonly clipId: string;
  readonly plays: Difference;
  readonly average: Difference;
  readonly completion: Difference;
  /** The duration in seconds that is used for both sides: the known duration, else the farthest Stop of both sides. */
  readonly duration: number;
  readonly durationKnown: boolean;
}

export interface Comparison {
  /** How many rows, lines or values could not be read, and are missing from the measures. */
  readonly unreadable: { readonly before: number; readonly after: number };
  readonly measures: Readonly<Record<Measure, Difference>>;
  /** How many clips have plays but no known duration, so that their completion is estimated. */
  readonly guessedDurations: number;
  /** Sorted by the plays of both sides together (the most first), then by ClipId. */
  readonly clips: Iterable<ClipDifference> & { readonly length: number };
  /** Deletes temporary files: the clips can no longer be read. */
  close(): void;
}

/**
 * Compares two reports. `plays`: verified plays. `filtered`: the share of filtered sessions among all sessions that are
 * not invalid. `average`: seconds heard per play. `completion`: its mean over all plays. `findings`: errors and
 * warnings per session. `diagnoses`: the number of diagnoses.
 */
export function compare(before: Side, after: Side, memory: MemoryBudget = memoryBudget()): Comparison {
  const clips = new Records<Both>(memory);
  const addresses: number[] = [];
  const plays: number[] = [];
  const [sumsBefore, sumsAfter] = [new Sums(), new Sums()];
  let guessedDurations = 0;
  for (const both of together(before.clips, after.clips)) {
    const [old, now] = onOneDuration(both);
    if ([old, now].some((clip) => clip && clip.plays > 0 && !clip.durationKnown)) guessedDurations += 1;
    sumsBefore.add(old);
    sumsAfter.add(now);
    plays.push((old?.plays ?? 0) + (now?.plays ?? 0));
    addresses.push(clips.add([old, now]));
  }
  const order = Uint32Array.from(plays.keys()).sort((a, b) => plays[b]! - plays[a]! || a - b);
  const [b, a] = [measuresOf(before, sumsBefore), measuresOf(after, sumsAfter)];
  const of = (measure: Measure): Difference => difference(b[measure], a[measure]);
  return {
    unreadable: { before: before.totals.unreadable, after: after.totals.unreadable },
    measures: {
      plays: of('plays'),
      filtered: of('filtered'),
      average: of('average'),
      completion: of('completion'),
      findings: of('findings'),
      events: of('events'),
      pauses: of('pauses'),
      jumps: of('jumps'),
      open: of('open'),
      diagnoses: of('diagnoses'),
    },
    guessedDurations,
    clips: {
      length: order.length,
      *[Symbol.iterator]() {
        for (const i of order) yield clipDifference(clips.at(addresses[i]!));
      },
    },
    close: () => clips.close(),
  };
}

/** A clip on both sides; null on a side that does not have it. */
type Both = readonly [before: SideClip | null, after: SideClip | null];

/** Joins the clips of both sides by ClipId. Both sides must be in order of ClipId. */
function* together(before: Iterable<SideClip>, after: Iterable<SideClip>): Generator<Both> {
  const [b, a] = [before[Symbol.iterator](), after[Symbol.iterator]()];
  const next = (clips: Iterator<SideClip>): SideClip | null => {
    const { done, value } = clips.next();
    return done ? null : value;
  };
  let [old, now] = [next(b), next(a)];
  while (old !== null || now !== null) {
    const takesOld = now === null || (old !== null && old.clipId <= now.clipId);
    const takesNow = old === null || (now !== null && now.clipId <= old.clipId);
    yield [takesOld ? old : null, takesNow ? now : null];
    if (takesOld) old = next(b);
    if (takesNow) now = next(a);
  }
}

/** Computes both sides with the same duration: the longer known one, else the longer estimated one. */
function onOneDuration([old, now]: Both): Both {
  const sides = [old, now].filter((clip) => clip !== null);
  const known = sides.filter(({ durationKnown }) => durationKnown);
  const durationKnown = known.length > 0;
  const duration = Math.max(...(durationKnown ? known : sides).map((clip) => clip.duration));
  const held = (clip: SideClip | null): SideClip | null => {
    if (clip === null) return null;
    const { plays, totalSeconds, completion } = clip;
    // A play that heard more than the clip's duration counts as the whole clip, and only the report knows how much more
    // it heard.
    const capped = clip.durationKnown && clip.duration === duration && completion.max >= 1;
    const exactly = plays * duration === 0 ? 0 : Math.min(1, totalSeconds / (plays * duration));
    const average = capped ? completion.average : exactly;
    return { ...clip, duration, durationKnown, completion: { ...completion, average } };
  };
  return [held(old), held(now)];
}

/** Sums over the clips of a side. */
class Sums {
  plays = 0;
  completed = 0;

  add(clip: SideClip | null): void {
    if (clip === null) return;
    this.plays += clip.plays;
    this.completed += clip.plays * clip.completion.average;
  }
}

function measuresOf(
  { totals, summary, behaviour, diagnoses }: Side,
  { plays, completed }: Sums,
): Readonly<Record<Measure, number | null>> {
  return {
    plays: totals.verified,
    filtered: share(totals.filtered, totals.verified + totals.filtered),
    average: share(totals.totalSeconds, totals.verified),
    completion: share(completed, plays),
    findings: summary && share(summary.errors + summary.warnings, summary.sessions),
    events: behaviour && share(behaviour.events, behaviour.sessions),
    pauses: behaviour && share(behaviour.pauses, behaviour.sessions),
    jumps: behaviour && share(behaviour.jumps, behaviour.sessions),
    open: behaviour && share(behaviour.open, behaviour.sessions),
    diagnoses,
  };
}

function clipDifference([old, now]: Both): ClipDifference {
  const played = (clip: SideClip | null, value: (its: SideClip) => number): number | null =>
    clip !== null && clip.plays > 0 ? value(clip) : null;
  const of = (value: (its: SideClip) => number): Difference =>
    difference(played(old, value), played(now, value));
  const { clipId, duration, durationKnown } = (old ?? now)!;
  return {
    clipId,
    duration,
    durationKnown,
    plays: difference(old?.plays ?? 0, now?.plays ?? 0),
    average: of(({ averageSeconds }) => averageSeconds),
    completion: of(({ completion }) => completion.average),
  };
}

/** The comparison as JSON, with the limits that it does not keep. */
export function* comparisonJson(
  { unreadable, measures, guessedDurations, clips }: Comparison,
  failed: readonly Limit[],
): Generator<string> {
  const indented = (value: unknown, by: number): string =>
    JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(by)}`);
  yield `{\n  "version": 1,\n  "unreadable": ${indented(unreadable, 2)},\n  "measures": ${indented(measures, 2)},\n  "guessedDurations": ${guessedDurations},\n  "clips": [`;
  let between = '';
  for (const clip of clips) {
    yield `${between}\n    ${indented(clip, 4)}`;
    between = ',';
  }
  const texts = indented(
    failed.map(({ text }) => text),
    2,
  );
  yield `${clips.length === 0 ? '' : '\n  '}],\n  "failed": ${texts}\n}\n`;
}

function difference(before: number | null, after: number | null): Difference {
  if (before === null || after === null) return { before, after, change: null, relative: null };
  const change = exact(after - before);
  const relative = before === 0 ? (after === 0 ? 0 : null) : exact((after - before) / before);
  return { before: exact(before), after: exact(after), change, relative };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Removes the rounding error of binary fractions, so that 0.95 is exactly 5 % less than 1. */
function exact(value: number): number {
  return Math.abs(value) < 1e6 ? Math.round(value * 1e9) / 1e9 : value;
}

const COMPARED = {
  '<': (change: number, limit: number) => change < limit,
  '<=': (change: number, limit: number) => change <= limit,
  '>': (change: number, limit: number) => change > limit,
  '>=': (change: number, limit: number) => change >= limit,
} as const;

/** A limit on a change: `completion<-5%`. A change beyond it is not accepted. */
export interface Limit {
  /** The limit as the user wrote it. */
  readonly text: string;
  readonly measure: Measure;
  readonly operator: keyof typeof COMPARED;
  /** The limit: a share of `before` if `relative`, else in the measure's unit. */
  readonly value: number;
  readonly relative: boolean;
}

const FORM = /^\s*([a-z]+)\s*(<=|>=|<|>)\s*([+-]?\d+(?:\.\d+)?)\s*(%?)\s*$/;

/** Measures that are a share, from 0 to 1. */
export const SHARES: readonly Measure[] = ['filtered', 'completion', 'open'];

/** Parses a limit; null if it is not one. */
export function parseLimit(text: string): Limit | null {
  const [, name, operator, number, percent] = FORM.exec(text) ?? [];
  const measure = MEASURES.find((known) => known === name);
  if (!measure || !operator) return null;
  const relative = percent === '%';
  return {
    text: text.trim(),
    measure,
    operator: operator as keyof typeof COMPARED,
    value: relative ? Number(number) / 100 : Number(number),
    relative,
  };
}

/** Whether a change is beyond the limit. A change that cannot be computed counts as beyond it. */
export function exceeds({ measures }: Comparison, { measure, operator, value, relative }: Limit): boolean {
  const { before, after, change, relative: share } = measures[measure];
  if (!relative) return change === null || COMPARED[operator](change, value);
  if (before === 0 && after !== null && after > 0) return COMPARED[operator](Number.POSITIVE_INFINITY, value);
  return share === null || COMPARED[operator](share, value);
}
