import { type DiagnosisId, RULE_IDS, type RuleId, type Severity } from '../domain/finding.js';
import { RULES } from '../rules/index.js';
import type { ValidationReport } from './validate.js';

/** A rule or a diagnosis. */
export type GatedId = RuleId | DiagnosisId;

/** The number of sessions in which a rule or a diagnosis shows, and the number in which it could. */
export interface Prevalence {
  readonly sessions: number;
  readonly of: number;
}

/** Which findings to accept, so that they do not fail a build. */
export interface Gates {
  /** For a rule or a diagnosis: the share of the sessions up to which its findings are accepted. */
  readonly allow: ReadonlyMap<GatedId, number>;
  /** The shares of an earlier input; null without a baseline. */
  readonly baseline: ReadonlyMap<GatedId, Prevalence> | null;
}

export const NO_GATES: Gates = { allow: new Map(), baseline: null };

/** The share of sessions of a rule or a diagnosis, compared with the share that is accepted. */
export interface Tolerance extends Prevalence {
  readonly id: GatedId;
  readonly severity: Severity;
  /** False where there are very many sessions, so that `sessions` is known only to about 0.3 %. */
  readonly exact: boolean;
  /** What decides. `new`: there is a baseline, but it does not have this rule or diagnosis. */
  readonly by: 'allow' | 'baseline' | 'new';
  /** The share above which the findings count. */
  readonly limit: number;
  /** The numbers in the baseline; null where the baseline does not decide. */
  readonly before: Prevalence | null;
  readonly counts: boolean;
}

/** What of a report counts, without the findings that are accepted. */
export interface Gated {
  /** Findings and diagnoses of severity error that count. */
  readonly errors: number;
  readonly warnings: number;
  /** The rules and diagnoses that were found, and about which an allowance or the baseline decides. */
  readonly tolerances: readonly Tolerance[];
  counts(id: GatedId): boolean;
}

type Judged = Pick<ValidationReport, 'summary' | 'rules' | 'diagnoses'>;

interface Found extends Prevalence {
  readonly id: GatedId;
  readonly severity: Severity;
  readonly exact: boolean;
  /** The number of its findings of each severity. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
}

/** Decides which findings and diagnoses of a report count. */
export function judge(report: Judged, gates: Gates): Gated {
  const counted = { error: 0, warning: 0 };
  const tolerances: Tolerance[] = [];
  const passed = new Set<GatedId>();
  for (const found of foundIn(report)) {
    const { severity, bySeverity, ...rest } = found;
    if (severity === 'info') continue;
    const decided = decide(found, gates);
    if (decided) tolerances.push({ ...rest, severity, ...decided });
    if (decided?.counts === false) passed.add(found.id);
    else {
      counted.error += bySeverity.error;
      counted.warning += bySeverity.warning;
    }
  }
  return {
    errors: counted.error,
    warnings: counted.warning,
    tolerances,
    counts: (id) => !passed.has(id),
  };
}

/** Whether a rule or a diagnosis is about sessions, so that it can be found in a share of them. All diagnoses are. */
export function isAboutSessions(id: GatedId): boolean {
  const rule = RULE_IDS.find((known) => known === id);
  if (rule === undefined) return true;
  const { level, ...definition } = RULES[rule];
  const ofSessions = 'checkSession' in definition && !('check' in definition);
  return level === 'event' || level === 'session' || (level === 'request' && ofSessions);
}

/** The baseline that a report gives for later inputs: every error and warning about sessions, sorted by id. */
export function baselineOf(report: Judged): ReadonlyMap<GatedId, Prevalence> {
  const found = foundIn(report).filter(({ id, severity }) => severity !== 'info' && isAboutSessions(id));
  const sorted = found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(sorted.map(({ id, sessions, of }) => [id, { sessions, of }]));
}

/** A finding that is about no session, such as one about an event without a SessionId, counts as one more session. */
function foundIn({ summary, rules, diagnoses }: Judged): readonly Found[] {
  return [
    ...rules.map(
      ({ rule, severity, bySeverity, sessions, withoutSession, exact }): Found => ({
        id: rule,
        severity,
        exact,
        bySeverity,
        sessions: sessions + withoutSession,
        of: Math.max(summary.sessions + withoutSession, sessions + withoutSession),
      }),
    ),
    ...diagnoses.map(
      ({ diagnosis, severity, sessions, of }): Found => ({
        id: diagnosis,
        severity,
        exact: true,
        bySeverity: { error: 0, warning: 0, info: 0, [severity]: 1 },
        sessions,
        of,
      }),
    ),
  ];
}

type Decision = Pick<Tolerance, 'by' | 'limit' | 'before' | 'counts'>;

/** Decides about a rule or a diagnosis by an allowance or the baseline; null where neither decides. */
function decide(found: Found, { allow, baseline }: Gates): Decision | null {
  const { id } = found;
  if (!isAboutSessions(id)) return null;
  const allowed = allow.get(id);
  if (allowed !== undefined)
    return { by: 'allow', limit: allowed, before: null, counts: shareOf(found) > allowed + EPSILON };
  if (!baseline) return null;
  const before = baseline.get(id);
  if (!before) return { by: 'new', limit: 0, before: null, counts: true };
  const limit = shareOf(before) + margin(before, found);
  return { by: 'baseline', limit, before, counts: shareOf(found) > limit - EPSILON };
}

/** The most that the rounding of binary fractions can add to a share. */
const EPSILON = 1e-12;

/** How many standard errors a share can rise by chance. */
const STANDARD_ERRORS = 3;

/** The relative error of the count of very many sessions: one standard error. */
const COUNT_ERROR = 0.004;

/**
 * By how much a share must be above the baseline's share to count: three standard errors of the smaller input, computed
 * from the share in both inputs together, and at least one session.
 */
function margin(before: Prevalence, now: Prevalence & { readonly exact: boolean }): number {
  const share = (before.sessions + now.sessions) / (before.of + now.of);
  const variance = (share * (1 - share)) / Math.min(before.of, now.of);
  const counting = now.exact ? 0 : (COUNT_ERROR * share) ** 2;
  return Math.max(STANDARD_ERRORS * Math.sqrt(variance + counting), 1 / now.of);
}

/** The share as a number from 0 to 1. */
export function shareOf({ sessions, of }: Prevalence): number {
  return sessions / of;
}
