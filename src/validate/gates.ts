import { type DiagnosisId, RULE_IDS, type RuleId, type Severity } from '../domain/finding.js';
import { RULES } from '../rules/index.js';
import type { ValidationReport } from './validate.js';

/** A rule or a diagnosis. */
export type GatedId = RuleId | DiagnosisId;

/** In how many sessions something shows, and in how many it could. */
export interface Prevalence {
  readonly sessions: number;
  readonly of: number;
}

/** The findings that do not fail a build. */
export interface Gates {
  /** The share of the sessions up to which a rule or a diagnosis does not count. */
  readonly allow: ReadonlyMap<GatedId, number>;
  /** The shares of an earlier input; null without a baseline. */
  readonly baseline: ReadonlyMap<GatedId, Prevalence> | null;
}

export const NO_GATES: Gates = { allow: new Map(), baseline: null };

/** How something stands to the share of sessions that is accepted of it. */
export interface Tolerance extends Prevalence {
  readonly id: GatedId;
  readonly severity: Severity;
  /** False where `sessions`, of very many, is known to about 0.3 % only. */
  readonly exact: boolean;
  /** `new`: the baseline does not hold it. */
  readonly by: 'allow' | 'baseline' | 'new';
  /** The share above which it counts. */
  readonly limit: number;
  /** What the baseline says; null where it does not decide. */
  readonly before: Prevalence | null;
  readonly counts: boolean;
}

/** What is left of a report once what is accepted does not count. */
export interface Gated {
  /** Findings and diagnoses of severity error that count. */
  readonly errors: number;
  readonly warnings: number;
  /** How each rule and diagnosis stands that was found, and that an allowance or the baseline decides about. */
  readonly tolerances: readonly Tolerance[];
  counts(id: GatedId): boolean;
}

type Judged = Pick<ValidationReport, 'summary' | 'rules' | 'diagnoses'>;

interface Found extends Prevalence {
  readonly id: GatedId;
  readonly severity: Severity;
  readonly exact: boolean;
  /** How many errors and warnings it is. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
}

/** Decides what of a report counts. */
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

/** Whether a share of the sessions can break a rule; diagnoses are about sessions, all of them. */
export function isAboutSessions(id: GatedId): boolean {
  const rule = RULE_IDS.find((known) => known === id);
  if (rule === undefined) return true;
  const { level, ...its } = RULES[rule];
  const ofSessions = 'checkSession' in its && !('check' in its);
  return level === 'event' || level === 'session' || (level === 'request' && ofSessions);
}

/** What a report shows, for later inputs to be compared with: everything that would count and is about sessions, sorted by id. */
export function baselineOf(report: Judged): ReadonlyMap<GatedId, Prevalence> {
  const found = foundIn(report).filter(({ id, severity }) => severity !== 'info' && isAboutSessions(id));
  const sorted = found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(sorted.map(({ id, sessions, of }) => [id, { sessions, of }]));
}

/** A finding about no session, as one of an event without a SessionId, stands for a session of its own. */
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

/** Null where nothing is accepted of it. */
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

/** What binary fractions may add to a share. */
const EPSILON = 1e-12;

/** How many standard errors a share can rise by chance. */
const STANDARD_ERRORS = 3;

/** How far the count of very many sessions may be off, as a share of it: one standard error. */
const COUNT_ERROR = 0.004;

/**
 * By how much a share has to rise over the baseline's to count: three standard errors of the smaller input, at the share of both together,
 * and at least one session.
 */
function margin(before: Prevalence, now: Prevalence & { readonly exact: boolean }): number {
  const share = (before.sessions + now.sessions) / (before.of + now.of);
  const variance = (share * (1 - share)) / Math.min(before.of, now.of);
  const counting = now.exact ? 0 : (COUNT_ERROR * share) ** 2;
  return Math.max(STANDARD_ERRORS * Math.sqrt(variance + counting), 1 / now.of);
}

/** As a number from 0 to 1. */
export function shareOf({ sessions, of }: Prevalence): number {
  return sessions / of;
}
