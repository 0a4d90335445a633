import { type Finding, RULE_IDS, type RuleId, SEVERITIES, type Severity } from '../domain/finding.js';
import { LOW_HASH_RANGE, wideHash, writeGuid } from '../domain/guid.js';
import { RULES } from '../rules/index.js';
import { seededSlot } from '../sessions/key-slots.js';

/** What one rule found over the whole input, findings that were not kept among it. */
export interface RuleTotal {
  readonly rule: RuleId;
  /** The one in force; the worst of its findings where it differs from input to input. */
  readonly severity: Severity;
  readonly findings: number;
  /** How many findings there are of each severity. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** How many sessions it found something in; findings about no session aside. */
  readonly sessions: number;
  /** How many findings are about no session. */
  readonly withoutSession: number;
  /** False where `sessions`, of very many, is known to about 0.3 % only. */
  readonly exact: boolean;
  /** How many findings each input has, by its index. */
  readonly byInput: ReadonlyMap<number, number>;
}

/** Adds up findings by rule as they come. */
export class RuleTotals {
  readonly #totals = new Map<RuleId, Counted>();
  #ended = 0;

  /**
   * @param inOrder Whether findings come in order and `endSession` is called: the findings of a session's own rules
   * come once, before its end.
   */
  constructor(readonly inOrder = true) {}

  add(finding: Finding): void {
    let total = this.#totals.get(finding.rule);
    if (!total) {
      total = new Counted(this.inOrder && RULES[finding.rule].level === 'session');
      this.#totals.set(finding.rule, total);
    }
    total.add(finding, this.#ended);
  }

  /** What follows is about another session. */
  endSession(): void {
    this.#ended += 1;
  }

  /** The rules that found something, in the catalogue's order. */
  totals(): readonly RuleTotal[] {
    return RULE_IDS.flatMap((rule) => {
      const total = this.#totals.get(rule);
      return total ? [{ rule, ...total.total }] : [];
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
  readonly #bySeverity = { error: 0, warning: 0, info: 0 };
  readonly #byInput = new Map<number, number>();
  /** Null where findings of a session come together and once: then it is enough to count the sessions that end with findings. */
  readonly #distinct: DistinctSessions | null;
  #lastTurn = -1;
  #turns = 0;
  #findings = 0;
  #withoutSession = 0;

  constructor(together: boolean) {
    this.#distinct = together ? null : new DistinctSessions();
  }

  /** @param turn How many sessions have ended. */
  add(finding: Finding, turn: number): void {
    const { index } = finding.input;
    this.#findings += 1;
    this.#bySeverity[finding.severity] += 1;
    this.#byInput.set(index, (this.#byInput.get(index) ?? 0) + 1);
    if (this.#distinct) {
      const { sessionId } = finding;
      if (sessionId === null) this.#withoutSession += 1;
      else this.#distinct.add(sessionId);
    } else if (turn !== this.#lastTurn) {
      this.#turns += 1;
      this.#lastTurn = turn;
    }
  }

  get total(): Omit<RuleTotal, 'rule'> {
    return {
      severity: SEVERITIES.find((severity) => this.#bySeverity[severity] > 0) ?? 'info',
      findings: this.#findings,
      bySeverity: this.#bySeverity,
      sessions: this.#distinct?.count ?? this.#turns,
      withoutSession: this.#withoutSession,
      exact: this.#distinct?.exact ?? true,
      byInput: this.#byInput,
    };
  }
}

/** Up to how many are counted exactly. */
const MAX_HASHES = 2 ** 17;
const HASHES = 2 ** 32;
const FREE = -1;
const FIRST_SLOTS = 64;

/**
 * Counts different SessionIds in bounded memory. Few are counted exactly. For many, only ids in a share of all hashes
 * are kept; the share is halved as needed, and gives the number within about 0.3 %.
 */
export class DistinctSessions {
  readonly #most: number;
  readonly #words = new Uint32Array(4);
  /** The hashes that count, by open addressing. (A `Set` of numbers has a hash of its own that is the same in every process.) */
  #slots = new Float64Array(FIRST_SLOTS).fill(FREE);
  #size = 0;
  #halved = 0;
  #last: string | null = null;

  constructor(most = MAX_HASHES) {
    this.#most = most;
  }

  /** @param sessionId A GUID, in either letter case. */
  add(sessionId: string): void {
    if (sessionId === this.#last) return;
    this.#last = sessionId;
    writeGuid(sessionId, this.#words, 0);
    const key = wideHash(this.#words, 0);
    if (!this.#counts(key)) return;
    const slot = this.#slotOf(key);
    if (this.#slots[slot] === key) return;
    this.#slots[slot] = key;
    this.#size += 1;
    if (this.#size > this.#most) {
      this.#halved += 1;
      this.#build(this.#slots.length);
    } else if (this.#size * 2 > this.#slots.length) this.#build(this.#slots.length * 2);
  }

  get count(): number {
    return this.#size * 2 ** this.#halved;
  }

  /** Whether that is the very number. */
  get exact(): boolean {
    return this.#halved === 0;
  }

  /** Fills a new table with the hashes that still count. */
  #build(slots: number): void {
    const before = this.#slots;
    this.#slots = new Float64Array(slots).fill(FREE);
    this.#size = 0;
    for (const key of before) {
      if (key === FREE || !this.#counts(key)) continue;
      this.#slots[this.#slotOf(key)] = key;
      this.#size += 1;
    }
  }

  /** Where a hash stands, or belongs: where that is depends on the process's seed, what counts does not. */
  #slotOf(key: number): number {
    let slot = seededSlot(key, this.#slots.length);
    while (this.#slots[slot] !== FREE && this.#slots[slot] !== key)
      slot = (slot + 1) & (this.#slots.length - 1);
    return slot;
  }

  #counts(key: number): boolean {
    return key < (HASHES / 2 ** this.#halved) * LOW_HASH_RANGE;
  }
}
