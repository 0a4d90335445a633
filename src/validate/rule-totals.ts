import { type Finding, RULE_IDS, type RuleId, SEVERITIES, type Severity } from '../domain/finding.js';
import { LOW_HASH_RANGE, wideHash, writeGuid } from '../domain/guid.js';
import { RULES } from '../rules/index.js';
import { seededSlot } from '../sessions/key-slots.js';

/** What one rule found in the whole input, including findings that were not kept. */
export interface RuleTotal {
  readonly rule: RuleId;
  /** The severity in force; the highest of its findings' severities where inputs have different ones. */
  readonly severity: Severity;
  readonly findings: number;
  /** How many findings there are of each severity. */
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** In how many sessions it found something. Findings about no session are not counted here. */
  readonly sessions: number;
  /** How many findings are about no session. */
  readonly withoutSession: number;
  /** False where there are very many sessions, so that `sessions` is known only to about 0.3 %. */
  readonly exact: boolean;
  /** How many findings each input has, by its index. */
  readonly byInput: ReadonlyMap<number, number>;
}

/** Counts findings by rule, one finding at a time. */
export class RuleTotals {
  readonly #totals = new Map<RuleId, Counted>();
  #ended = 0;

  /** @param inOrder Whether the caller adds all findings of session rules before it calls `endSession` for their session. */
  constructor(readonly inOrder = true) {}

  add(finding: Finding): void {
    let total = this.#totals.get(finding.rule);
    if (!total) {
      total = new Counted(this.inOrder && RULES[finding.rule].level === 'session');
      this.#totals.set(finding.rule, total);
    }
    total.add(finding, this.#ended);
  }

  /** Ends a session: the next findings are about another one. */
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

/** The totals of findings in any order. */
export function totalsOf(findings: Iterable<Finding>): readonly RuleTotal[] {
  const totals = new RuleTotals(false);
  for (const finding of findings) totals.add(finding);
  return totals.totals();
}

class Counted {
  readonly #bySeverity = { error: 0, warning: 0, info: 0 };
  readonly #byInput = new Map<number, number>();
  /** Null where all findings of a session are added before its end: then it is enough to count the sessions with findings. */
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

/** Up to this many SessionIds are counted exactly. */
const MAX_HASHES = 2 ** 17;
const HASHES = 2 ** 32;
const FREE = -1;
const FIRST_SLOTS = 64;

/**
 * Counts different SessionIds in bounded memory. A small number is counted exactly. For a large number, only ids whose
 * hashes are in a part of all hashes are kept. This part is halved as needed, and the total is estimated from it within
 * about 0.3 %.
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

  /** Whether the count is exact. */
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

  /**
   * The slot of a hash, or the free slot where it belongs. The slot depends on the process's random seed; which hashes
   * count does not.
   */
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
