import type { Finding, RuleId, Severity } from '../../domain/finding.js';
import { guidKey } from '../../domain/guid.js';
import { formatDuration, formatNumber, pluralize } from '../../domain/text.js';

import { joinedNullHint } from '../../table/cell-values.js';

import { type Gated, shareOf, type Tolerance } from '../../validate/gates.js';

import type { RuleTotal } from '../../validate/rule-totals.js';
import type { ValidationReport } from '../../validate/validate.js';

/** The verdict in one line. */
export interface Verdict {
  /** The highest severity that counts, except info. An accepted error counts as a warning. */
  readonly worst: 'error' | 'warning' | null;
  /** `✖ 1 error, 2 warnings`. */
  readonly verdict: string;
  /** What was checked. */
  readonly checked: string;
  /** How the findings compare to what is accepted, one line each. */
  readonly accepted: readonly string[];
}

/** What a verdict needs. */
export interface Judged
  extends Pick<ValidationReport, 'summary'>,
    Partial<Pick<ValidationReport, 'diagnoses'>> {
  /** Which findings count; absent for all. */
  readonly gated?: Gated;
  /** Why warnings fail the run: `more warnings than --max-warnings`; null or absent when they do not. */
  readonly warningsFail?: string | null;
}

const SERIOUS = ['error', 'warning'] as const;

/** The number of diagnoses of a severity. They count like findings of it. */
function diagnosesOf({ diagnoses = [] }: Judged, severity: Severity): number {
  return diagnoses.filter((diagnosis) => diagnosis.severity === severity).length;
}

export function verdictOf(judged: Judged): Verdict {
  const { files, requests, sessions, events, errors, warnings, infos, playedSeconds } = judged.summary;
  const { gated, warningsFail = null } = judged;
  const held = [pluralize(sessions, 'session'), pluralize(events, 'event')];
  if (requests > 0) held.push(pluralize(requests, 'request'));
  if (files > 1) held.push(pluralize(files, 'file'));
  const diagnoses = judged.diagnoses?.length ?? 0;
  const diagnosesText = diagnoses === 0 ? '' : `, ${pluralize(diagnoses, 'diagnosis', 'diagnoses')}`;
  const infoText = infos === 0 ? '' : `, ${pluralize(infos, 'info')}`;
  const tooMany = warningsFail === null ? '' : `; ${warningsFail}`;
  const all = {
    error: errors + diagnosesOf(judged, 'error'),
    warning: warnings + diagnosesOf(judged, 'warning'),
  };
  const counting = { error: gated?.errors ?? all.error, warning: gated?.warnings ?? all.warning };
  const accepted = SERIOUS.filter((severity) => all[severity] > counting[severity]).map((severity) =>
    pluralize(all[severity] - counting[severity], severity),
  );
  const acceptedText = accepted.length === 0 ? '' : `; ${accepted.join(' and ')} accepted`;
  const checked = `${infoText}${diagnosesText} in ${held.join(', ')}; ${formatDuration(playedSeconds)} played${tooMany}${acceptedText}`;
  const found =
    errors + warnings === 0
      ? 'No errors, no warnings'
      : `${pluralize(errors, 'error')}, ${pluralize(warnings, 'warning')}`;
  const failing = counting.error > 0 || warningsFail !== null;
  const worst = failing ? 'error' : all.error + all.warning > 0 ? 'warning' : null;
  const mark = worst === null ? '✔' : { error: '✖', warning: '⚠' }[worst];
  return {
    worst,
    verdict: `${mark} ${found}`,
    checked,
    accepted: toleranceLines(gated, warningsFail !== null),
  };
}

/** Added to a warning that counts when warnings do not fail the run. */
const NO_FAILURE = '; warnings do not fail this run (they do with --fail-on warning)';

/** How many rules and diagnoses within the baseline are listed: those nearest to their limit. */
const MAX_ACCEPTED_SHOWN = 3;

/**
 * One line per rule or diagnosis that has a limit: first those that were found too often, then those that `--allow`
 * accepts, then those that the baseline accepts, nearest to the limit first.
 *
 * @param warningsFail Whether warnings fail the run. If not, the line of a warning found too often says so.
 */
export function toleranceLines(gated: Gated | undefined, warningsFail: boolean): readonly string[] {
  if (!gated) return [];
  const { tolerances } = gated;
  const nearness = (its: Tolerance): number => shareOf(its) / its.limit;
  const inBaseline = tolerances
    .filter(({ counts, by }) => !counts && by === 'baseline')
    .toSorted((a, b) => nearness(b) - nearness(a));
  const lines = [
    ...tolerances.filter(({ counts }) => counts),
    ...tolerances.filter(({ counts, by }) => !counts && by === 'allow'),
    ...inBaseline.slice(0, MAX_ACCEPTED_SHOWN),
  ].map(
    (its) =>
      `${toleranceText(its)}${its.counts && its.severity === 'warning' && !warningsFail ? NO_FAILURE : ''}`,
  );
  const more = inBaseline.length - MAX_ACCEPTED_SHOWN;
  return more > 0 ? [...lines, `${formatNumber(more)} more within the baseline`] : lines;
}

function toleranceText(its: Tolerance): string {
  const { id, sessions, of, exact, by, limit, before, counts } = its;
  const shares = `${id}: ${percentOf(shareOf(its))} of sessions (${sessionCount({ sessions, exact })} of ${formatNumber(of)})`;
  if (by === 'new') return `${shares}, not in the baseline`;
  if (before === null)
    return counts
      ? `${shares}, more than the ${percentOf(limit)} allowed`
      : `${shares}, ${percentOf(limit)} allowed`;
  const base = `${percentOf(shareOf(before))} in the baseline`;
  return counts
    ? `${shares}, ${base}: more than chance explains (${percentOf(limit)})`
    : `${shares}, ${base}, accepted up to ${percentOf(limit)}`;
}

/** A share with three digits: `0.5 %`, `12.3 %`. */
function percentOf(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

/** The verdict as plain text: one line, then the lines of `toleranceLines`. */
export function verdictText(judged: Judged): string {
  const { verdict, checked, accepted } = verdictOf(judged);
  return [`${verdict}${checked}`, ...accepted.map((line) => `  ${line}`)].join('\n');
}

/** Findings of one rule with the same hint: most likely one mistake. */
export interface FindingGroup {
  readonly rule: RuleId;
  /** The findings to list, in output order. */
  readonly findings: readonly [Finding, ...Finding[]];
  /** What to do. In a group of null markers, the hint names all markers. */
  readonly hint: string;
  /** The number of findings, including those that are not listed, if it is known. */
  readonly total: number;
  /** `312 of 312 sessions`; null if the findings are not about sessions, or the number is unknown. */
  readonly share: string | null;
}

/** The findings to list, grouped by hint, in the order of each group's first finding. */
export function findingGroups({
  findings,
  rules,
  summary,
}: Pick<ValidationReport, 'findings' | 'rules' | 'summary'>): readonly FindingGroup[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  const wantedGroups = new Map<string, [Finding, ...Finding[]]>();
  const listed = new Map<RuleId, { findings: number; groups: number }>();
  for (const finding of findings) {
    const ofRule = listed.get(finding.rule) ?? { findings: 0, groups: 0 };
    listed.set(finding.rule, ofRule);
    ofRule.findings += 1;
    const key = `${finding.severity} ${finding.rule} ${finding.hint}`;
    // The findings of a column have the same expectation, although their hints can quote different cells. All null
    // markers are one group, because they are one mistake in all columns.
    const isMarker = joinedNullHint([finding.hint]) !== undefined;
    const wanted = `${finding.severity} ${finding.rule} ${isMarker ? 'null marker' : finding.expected}`;
    const group = groups.get(key) ?? (finding.rule === 'syntax' ? wantedGroups.get(wanted) : undefined);
    if (group) group.push(finding);
    else {
      const group: [Finding, ...Finding[]] = [finding];
      groups.set(key, group);
      wantedGroups.set(wanted, group);
      ofRule.groups += 1;
    }
  }
  const totals = new Map(rules.map((total) => [total.rule, total]));
  return [...groups.values()].map((group) => {
    const { rule } = group[0];
    const total = totals.get(rule);
    const its = listed.get(rule);
    const alone = total && its?.groups === 1 ? total : undefined;
    const whole = total?.findings === its?.findings;
    return {
      rule,
      findings: group,
      hint: joinedNullHint(group.map(({ hint }) => hint)) ?? group[0].hint,
      total: alone?.findings ?? group.length,
      share: alone || whole ? shareText(alone ?? distinct(group), summary.sessions) : null,
    };
  });
}

type Sessions = Pick<RuleTotal, 'sessions' | 'exact'>;

function distinct(group: readonly Finding[]): Sessions {
  const ids = new Set(group.flatMap(({ sessionId }) => (sessionId === null ? [] : [guidKey(sessionId)])));
  return { sessions: ids.size, exact: true };
}

function shareText(found: Sessions, all: number): string | null {
  if (found.sessions === 0 || found.sessions > all) return null;
  return `${sessionCount(found)} of ${pluralize(all, 'session')}`;
}

/** The number of sessions, with `about` when it is an estimate. */
export function sessionCount({ sessions, exact }: Sessions): string {
  return exact ? formatNumber(sessions) : `about ${formatNumber(sessions)}`;
}
