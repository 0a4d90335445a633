import { type Finding, RULE_IDS, type RuleId, type Severity } from '../domain/finding.js';
import { guidKey } from '../domain/guid.js';
import { RULES } from '../rules/index.js';
import { DistinctSessions } from './distinct-sessions.js';

/** What one rule found over the whole input, findings that were not kept among it. */
export interface RuleTotal {
  readonly rule: RuleId;
  /** The one in force. */
  readonly severity: Severity;
  readonly findings: number;
  /** How many sessions it found something in; findings about no session aside. */
  readonly sessions: number;
  /** False where `sessions`, of very many, is known to about 0.3 % only. */
  readonly exact: boolean;
  /** How many findings each input has, by its index. */
  readonly byInput: ReadonlyMap<number, number>;
}

/** Adds up findings by rule, as inspection tells them. */
export class RuleTotals {
  readonly #totals = new Map<RuleId, Counted>();

  /** @param inOrder Whether findings come as inspection tells them: those of a session's own rules together, and once. */
  constructor(readonly inOrder = true) {}

  add(finding: Finding): void {
    let total = this.#totals.get(finding.rule);
    if (!total) {
      total = new Counted(finding.severity, this.inOrder && RULES[finding.rule].level === 'session');
      this.#totals.set(finding.rule, total);
    }
    total.add(finding);
  }

  /** The rules that found something, in the catalogue's order. */
  totals(): readonly RuleTotal[] {
    return RULE_IDS.flatMap((rule) => {
      const total = this.#totals.get(rule);
      return total ? [{ rule, ...total.told }] : [];
    });
  }
}

/** What each rule found, of findings in any order. */
export function totalsOf(findings: Iterable<Finding>): readonly RuleTotal[] {
  const totals = new RuleTotals(false);
  for (const finding of findings) totals.add(finding);
  return totals.totals();
}

class Counted {
  readonly #severity: Severity;
  readonly #byInput = new Map<number, number>();
  /** Null where findings of a session come together and once: then it is enough to count how often the session changes. */
  readonly #distinct: DistinctSessions | null;
  #last: string | null = null;
  #changes = 0;
  #findings = 0;

  constructor(severity: Severity, together: boolean) {
    this.#severity = severity;
    this.#distinct = together ? null : new DistinctSessions();
  }

  add({ sessionId, input }: Finding): void {
    const { index } = input;
    this.#findings += 1;
    this.#byInput.set(index, (this.#byInput.get(index) ?? 0) + 1);
    if (sessionId === null) return;
    if (this.#distinct) this.#distinct.add(sessionId);
    else if (this.#last === null || !sameId(sessionId, this.#last)) {
      this.#changes += 1;
      this.#last = sessionId;
    }
  }

  get told(): Omit<RuleTotal, 'rule'> {
    return {
      severity: this.#severity,
      findings: this.#findings,
      sessions: this.#distinct?.count ?? this.#changes,
      exact: this.#distinct?.exact ?? true,
      byInput: this.#byInput,
    };
  }
}

function sameId(a: string, b: string): boolean {
  return a === b || guidKey(a) === guidKey(b);
}
