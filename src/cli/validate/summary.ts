import type { Finding, RuleId, Severity } from '../../domain/finding.js';
import { guidKey } from '../../domain/guid.js';
import { formatNumber, pluralize } from '../../domain/text.js';
import { joinedNullHint } from '../../table/nulls.js';
import type { RuleTotal } from '../../validate/rule-totals.js';
import type { ValidationReport } from '../../validate/validate.js';
import { formatDuration } from '../terminal.js';

/** The verdict in one line. */
export interface Verdict {
  /** The worst that was found, an info aside. */
  readonly worst: 'error' | 'warning' | null;
  /** `✖ 1 error, 2 warnings`. */
  readonly verdict: string;
  /** What was checked. */
  readonly checked: string;
}

/** What a verdict is about. */
export type Judged = Pick<ValidationReport, 'summary'> & Partial<Pick<ValidationReport, 'diagnoses'>>;

/** How many diagnoses of a severity there are: they count as findings of it do. */
export function diagnosesOf({ diagnoses = [] }: Pick<Judged, 'diagnoses'>, severity: Severity): number {
  return diagnoses.filter((diagnosis) => diagnosis.severity === severity).length;
}

/** @param warningsFail Whether there are more warnings than the user lets pass. */
export function verdictOf(judged: Judged, warningsFail = false): Verdict {
  const { files, requests, sessions, events, errors, warnings, infos, playedSeconds } = judged.summary;
  const held = [pluralize(sessions, 'session'), pluralize(events, 'event')];
  if (requests > 0) held.push(pluralize(requests, 'request'));
  if (files > 1) held.push(pluralize(files, 'file'));
  const diagnoses = judged.diagnoses?.length ?? 0;
  const diagnosesText = diagnoses === 0 ? '' : `, ${pluralize(diagnoses, 'diagnosis', 'diagnoses')}`;
  const infoText = infos === 0 ? '' : `, ${pluralize(infos, 'info')}`;
  const tooMany = warningsFail ? '; more warnings than --max-warnings' : '';
  const checked = `${infoText}${diagnosesText} in ${held.join(', ')}; ${formatDuration(playedSeconds)} played${tooMany}`;
  const failing = errors + diagnosesOf(judged, 'error');
  const found =
    errors + warnings === 0
      ? 'No errors, no warnings'
      : `${pluralize(errors, 'error')}, ${pluralize(warnings, 'warning')}`;
  if (failing > 0 || warningsFail) return { worst: 'error', verdict: `✖ ${found}`, checked };
  if (warnings + diagnosesOf(judged, 'warning') > 0)
    return { worst: 'warning', verdict: `⚠ ${found}`, checked };
  return { worst: null, verdict: `✔ ${found}`, checked };
}

/** The verdict as plain text. */
export function verdictText(judged: Judged, warningsFail: boolean): string {
  const { verdict, checked } = verdictOf(judged, warningsFail);
  return `${verdict}${checked}`;
}

/** Findings of one rule with one hint: most likely one mistake. */
export interface FindingGroup {
  readonly rule: RuleId;
  /** Those that are listed, in output order. */
  readonly findings: readonly [Finding, ...Finding[]];
  /** What to do: of null markers, all that are named. */
  readonly hint: string;
  /** How many there are, also those that are not listed, where that is known. */
  readonly total: number;
  /** `312 of 312 sessions`; null where it is about none, or where that is not known. */
  readonly share: string | null;
}

/** The findings that are listed, those of one hint together, in the order in which the first of each stands. */
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
    const key = `${finding.rule} ${finding.hint}`;
    // What is wanted of a column is the same in all rows, also where the hint repeats the cell; null markers are one mistake in all columns.
    const isMarker = joinedNullHint([finding.hint]) !== undefined;
    const wanted = `${finding.rule} ${isMarker ? 'null marker' : finding.expected}`;
    const group = groups.get(key) ?? (finding.rule === 'syntax' ? wantedGroups.get(wanted) : undefined);
    if (group) group.push(finding);
    else {
      const begun: [Finding, ...Finding[]] = [finding];
      groups.set(key, begun);
      wantedGroups.set(wanted, begun);
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

/** How many sessions: `about` where it is not known to the last one. */
export function sessionCount({ sessions, exact }: Sessions): string {
  return exact ? formatNumber(sessions) : `about ${formatNumber(sessions)}`;
}
