import type { Causes } from '../causes/causes.js';
import type { RuleId, Severity } from '../domain/finding.js';
import type { RuleSettings } from '../rules/define.js';
import { RULES } from '../rules/index.js';
import type { MemoryBudget } from '../sessions/memory.js';
import type { Within } from './within.js';

/** A rule's severity in force; `off` draws no finding. */
export type SeverityInForce = Severity | 'off';

export interface InspectOptions extends RuleSettings {
  /** Where a user set a severity other than the rule's own. */
  readonly severities: ReadonlyMap<RuleId, SeverityInForce>;
  /**
   * What sessions of bare events may take until they are whole, 96 MiB unless told, and a quarter as much besides what is known of sessions in
   * requests; disk beyond it.
   */
  readonly memory?: MemoryBudget;
  /** Count the sessions in which nothing is found, or little that is plain to see, as `CountedSessions`, where that can be, instead of giving each. */
  readonly countSound?: boolean;
  /** Which sessions count; absent: all. What is kept out is counted, and nothing else is told of it. */
  readonly within?: Within | undefined;
  /** Looks at every session, for the causes behind what is found. */
  readonly causes?: Causes;
  /** How many sessions of earlier requests are remembered, for an inspection that goes on for long; absent: all. */
  readonly remember?: number | undefined;
}

/** The defaults of everything but `now`, which only the caller knows. */
export const INSPECT_DEFAULTS = {
  minDuration: 10,
  maxSpeed: 4,
  clipDurations: new Map<string, number>(),
  severities: new Map<RuleId, SeverityInForce>(),
} as const satisfies Omit<InspectOptions, 'now'>;

/** The severity in force of a rule. */
export function severityOf(
  rule: RuleId,
  { severities }: Pick<InspectOptions, 'severities'>,
): SeverityInForce {
  return severities.get(rule) ?? RULES[rule].severity;
}
