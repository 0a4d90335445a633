import { escaped } from '../domain/escaped.js';
import type { Finding, RuleId } from '../domain/finding.js';
import type { Place } from '../domain/place.js';
import type { Problem } from '../rules/define.js';
import { RULES } from '../rules/index.js';
import { type InspectOptions, severityOf } from './options.js';
import { refuses } from './refuses.js';

/** Who a finding is about. */
export interface Subject {
  readonly sessionId: string | null;
  readonly seqNumber: number | null;
}

export const NO_SUBJECT: Subject = { sessionId: null, seqNumber: null };

/** Collects the findings about one thing, and remembers which rules fired, also where they are off. */
export class Found {
  readonly findings: Finding[] = [];
  readonly fired = new Set<RuleId>();
  #errors = 0;

  constructor(readonly options: InspectOptions) {}

  /** Whether a finding of severity error, as it is in force, is among them, besides those about how a request went. */
  get invalid(): boolean {
    return this.#errors > 0;
  }

  /** Whether an event- or session-level one of severity error is among them. */
  get unsound(): boolean {
    return this.findings.some(
      ({ rule, severity }) => severity === 'error' && RULES[rule].level !== 'request',
    );
  }

  add(id: RuleId, problem: Problem, place: Place, { sessionId, seqNumber }: Subject): void {
    this.fired.add(id);
    const severity = severityOf(id, this.options);
    if (severity === 'off') return;
    if (severity === 'error' && refuses(id)) this.#errors += 1;
    const rule = RULES[id];
    this.findings.push({
      rule: id,
      severity,
      place,
      expected: escaped(problem.expected),
      received: escaped(problem.received),
      hint: escaped(problem.hint ?? rule.mend),
      sessionId,
      seqNumber,
      reference: (problem.reference ?? rule.reference) || null,
    });
  }
}
