import type { CertifyWatch } from '../certify/watch.js';
import { DIAGNOSES, type Diagnoses } from '../diagnoses/diagnoses.js';
import type { Diagnosis, DiagnosisId, RuleId, Severity } from '../domain/finding.js';
import { DEFAULT_MAX_SPEED, DEFAULT_MIN_DURATION } from '../domain/listening.js';
import type { Input } from '../domain/place.js';
import type { RuleSettings } from '../rules/define.js';
import { isOtherUnit } from '../rules/event/timestamp-unit.js';
import { RULES } from '../rules/index.js';
import type { MemoryBudget } from '../sessions/memory.js';

/** A rule's severity in force; `off` reports nothing. */
export type SeverityInForce = Severity | 'off';

export interface InspectOptions extends RuleSettings {
  /** Where a user set a severity other than the rule's or the diagnosis's own. */
  readonly severities: ReadonlyMap<RuleId | DiagnosisId, SeverityInForce>;
  /** Severities for one input. They have priority over `severities`. */
  readonly severitiesIn?: ((input: Input) => InspectOptions['severities'] | undefined) | undefined;
  /**
   * The memory for sessions of bare events until they are complete (default 96 MiB), and a quarter as much for
   * sessions in requests. Beyond it, disk is used.
   */
  readonly memory?: MemoryBudget;
  /** The order of sessions of bare events: by first appearance, or any order, which is faster. */
  readonly order?: 'first-appearance' | 'any' | undefined;
  /** Which sessions count; absent for all. Other sessions are only counted as left out. */
  readonly within?: Within | undefined;
  /** Receives every session, and looks for the bugs behind the findings. */
  readonly diagnoses?: Pick<Diagnoses, 'look' | 'noteRepeatedExport'> | undefined;
  /** Receives every session and request, and looks for the behaviours of a player that they show. */
  readonly certify?: Pick<CertifyWatch, 'session' | 'request' | 'answered'> | undefined;
  /** Whether, in a HAR that the mock recorded, the requests of each store are compared only with each other, as the mock does. */
  readonly separateStores?: boolean | undefined;
  /** How many sessions of earlier requests to remember in a long-running inspection; absent for all. */
  readonly remember?: number | undefined;
}

/** The defaults of everything but `now`, which only the caller knows. */
export const INSPECT_DEFAULTS = {
  minDuration: DEFAULT_MIN_DURATION,
  maxSpeed: DEFAULT_MAX_SPEED,
  clipDurations: new Map<string, number>(),
  severities: new Map<RuleId | DiagnosisId, SeverityInForce>(),
} as const satisfies Omit<InspectOptions, 'now'>;

/** The severity in force of a rule, for an input if one is given. */
export function severityOf(
  rule: RuleId,
  { severities, severitiesIn }: Pick<InspectOptions, 'severities' | 'severitiesIn'>,
  input?: Input,
): SeverityInForce {
  const inInput = input && severitiesIn?.(input)?.get(rule);
  return inInput ?? severities.get(rule) ?? RULES[rule].severity;
}

/** The severity in force of a diagnosis. */
export function diagnosisSeverityOf(
  id: DiagnosisId,
  { severities }: Pick<InspectOptions, 'severities'>,
): SeverityInForce {
  return severities.get(id) ?? DIAGNOSES[id].severity;
}

/** Diagnoses with the severity in force, without those that are off, or all of whose rules are. */
export function diagnosesInForce(
  diagnoses: readonly Diagnosis[],
  settings: Pick<InspectOptions, 'severities'>,
): readonly Diagnosis[] {
  return diagnoses.flatMap((diagnosis) => {
    const severity = diagnosisSeverityOf(diagnosis.diagnosis, settings);
    const { rules } = diagnosis;
    const explained = rules.length === 0 || rules.some((rule) => severityOf(rule, settings) !== 'off');
    return severity === 'off' || !explained ? [] : [{ ...diagnosis, severity }];
  });
}

/** Which sessions count, by the time of their last event, in unix seconds. Both limits are included. */
export interface Within {
  readonly since: number;
  /** Later sessions do not count: they can still be open. */
  readonly until: number;
}

/**
 * Whether a session counts. A session without any readable time counts.
 * @param timestamps An array with the times of its events; `eventAt(n)` returns the index of the n-th time.
 */
export function isWithin(
  within: Within | undefined,
  timestamps: Float64Array,
  count: number,
  eventAt: (n: number) => number = (n) => n,
): boolean {
  if (within === undefined) return true;
  let last = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < count; n += 1) {
    const timestamp = timestamps[eventAt(n)]!;
    if (!isOtherUnit(timestamp)) last = Math.max(last, timestamp);
  }
  return last === Number.NEGATIVE_INFINITY || (last >= within.since && last <= within.until);
}
