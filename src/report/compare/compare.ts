import type { Summary } from '../../validate/inspected.js';
import type { ClipFigures, ClipList, Report, ReportTotals } from '../output.js';

/** What is compared of two reports. */
export const MEASURES = ['plays', 'filtered', 'average', 'completion', 'findings'] as const;
export type Measure = (typeof MEASURES)[number];

/** What of a report a comparison needs. */
export interface Side extends Pick<Report, 'minDuration'> {
  readonly totals: Pick<ReportTotals, 'verified' | 'filtered' | 'totalSeconds' | 'unreadable'>;
  readonly clips: readonly SideClip[];
  /** Null where the side is a saved report, which tells of no findings. */
  readonly summary: Pick<Summary, 'sessions' | 'errors' | 'warnings'> | null;
}

export type SideClip = Pick<ClipFigures, 'clipId' | 'plays' | 'filtered' | 'averageSeconds'> & {
  readonly completion: Pick<ClipFigures['completion'], 'average'>;
};

/** What a comparison needs of a report. Of each clip no more is kept. */
export function sideOf(report: Report<ClipList>, summary: Side['summary']): Side {
  const { minDuration, totals } = report;
  const clips = Array.from(report.clips, ({ clipId, plays, filtered, averageSeconds, completion }) => ({
    clipId,
    plays,
    filtered,
    averageSeconds,
    completion: { average: completion.average },
  }));
  return { minDuration, totals, clips, summary };
}

/** A measure of both sides. Null: there is nothing to tell it from. */
export interface Difference {
  readonly before: number | null;
  readonly after: number | null;
  /** After less before, in the measure's unit. */
  readonly change: number | null;
  /** The change as a share of before; null also where before is 0 and after is not. */
  readonly relative: number | null;
}

export interface ClipDifference {
  readonly clipId: string;
  readonly plays: Difference;
  readonly average: Difference;
  readonly completion: Difference;
}

export interface Comparison {
  /** Rows, lines or values that could not be read, and are missing from the measures. */
  readonly unreadable: { readonly before: number; readonly after: number };
  readonly measures: Readonly<Record<Measure, Difference>>;
  /** By falling plays of both sides together, then ClipId. */
  readonly clips: readonly ClipDifference[];
}

/**
 * Compares two reports. `plays`: verified plays. `filtered`: their share of the sessions that are not invalid. `average`: seconds heard a play.
 * `completion`: its mean over all plays. `findings`: errors and warnings a session.
 */
export function compare(before: Side, after: Side): Comparison {
  const [b, a] = [measuresOf(before), measuresOf(after)];
  const of = (measure: Measure): Difference => difference(b[measure], a[measure]);
  const measures = {
    plays: of('plays'),
    filtered: of('filtered'),
    average: of('average'),
    completion: of('completion'),
    findings: of('findings'),
  };
  return {
    unreadable: { before: before.totals.unreadable, after: after.totals.unreadable },
    measures,
    clips: compareClips(before.clips, after.clips),
  };
}

function measuresOf({ totals, clips, summary }: Side): Readonly<Record<Measure, number | null>> {
  const plays = clips.reduce((sum, clip) => sum + clip.plays, 0);
  const completed = clips.reduce((sum, clip) => sum + clip.plays * clip.completion.average, 0);
  return {
    plays: totals.verified,
    filtered: share(totals.filtered, totals.verified + totals.filtered),
    average: share(totals.totalSeconds, totals.verified),
    completion: share(completed, plays),
    findings: summary && share(summary.errors + summary.warnings, summary.sessions),
  };
}

function compareClips(before: readonly SideClip[], after: readonly SideClip[]): ClipDifference[] {
  const [b, a] = [before, after].map((clips) => new Map(clips.map((clip) => [clip.clipId, clip])));
  const ids = [...new Set([...before, ...after].map(({ clipId }) => clipId))];
  const plays = (id: string): number => (b?.get(id)?.plays ?? 0) + (a?.get(id)?.plays ?? 0);
  return ids
    .toSorted((x, y) => plays(y) - plays(x) || (x < y ? -1 : 1))
    .map((clipId) => {
      const [old, now] = [b?.get(clipId), a?.get(clipId)];
      const played = (clip: SideClip | undefined, value: (its: SideClip) => number): number | null =>
        clip && clip.plays > 0 ? value(clip) : null;
      const of = (value: (its: SideClip) => number): Difference =>
        difference(played(old, value), played(now, value));
      return {
        clipId,
        plays: difference(old?.plays ?? 0, now?.plays ?? 0),
        average: of(({ averageSeconds }) => averageSeconds),
        completion: of(({ completion }) => completion.average),
      };
    });
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

/** Without what binary fractions add: 0.95 is 5 % less than 1, not a little more. */
function exact(value: number): number {
  return Math.abs(value) < 1e6 ? Math.round(value * 1e9) / 1e9 : value;
}

const COMPARED = {
  '<': (change: number, limit: number) => change < limit,
  '<=': (change: number, limit: number) => change <= limit,
  '>': (change: number, limit: number) => change > limit,
  '>=': (change: number, limit: number) => change >= limit,
} as const;

/** A change that is not accepted: `completion<-5%`. */
export interface Limit {
  /** As it was written. */
  readonly text: string;
  readonly measure: Measure;
  readonly operator: keyof typeof COMPARED;
  /** A share of before where `relative`, else in the measure's unit. */
  readonly value: number;
  readonly relative: boolean;
}

const FORM = /^\s*([a-z]+)\s*(<=|>=|<|>)\s*([+-]?\d+(?:\.\d+)?)\s*(%?)\s*$/;

/** Reads a limit; null where it is none. */
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

/** Whether the change is the one that is not accepted; also where it cannot be told: silence is not success. */
export function exceeds({ measures }: Comparison, { measure, operator, value, relative }: Limit): boolean {
  const { before, after, change, relative: share } = measures[measure];
  if (!relative) return change === null || COMPARED[operator](change, value);
  if (before === 0 && after !== null && after > 0) return COMPARED[operator](Number.POSITIVE_INFINITY, value);
  return share === null || COMPARED[operator](share, value);
}
