import { type Finding, RULE_IDS, type RuleId, type Severity } from '../domain/finding.js';
import type { Input, Place } from '../domain/place.js';
import { escaped } from '../domain/text.js';
import type { Problem } from '../rules/define.js';
import { RULES } from '../rules/index.js';
import { type InspectOptions, severityOf } from './options.js';

/** Whether an error of the rule is a reason not to send the session or the request that the error is about. */
export function blocksSending(id: RuleId): boolean {
  const rule = RULES[id];
  return rule.level !== 'request' || rule.ofTransport !== true;
}

/** The rules whose condition was met, including rules that are off. Usually at most one rule, so a list is faster than a set. */
export class FiredRules {
  readonly #fired: RuleId[] = [];

  add(id: RuleId): void {
    if (!this.#fired.includes(id)) this.#fired.push(id);
  }

  has(id: RuleId): boolean {
    return this.#fired.length > 0 && this.#fired.includes(id);
  }

  /** Whether any of these rules fired. */
  hasAny(ids: readonly RuleId[] | undefined): boolean {
    if (this.#fired.length === 0 || ids === undefined) return false;
    for (const id of this.#fired) if (ids.includes(id)) return true;
    return false;
  }

  all(): readonly RuleId[] {
    return RULE_IDS.filter((id) => this.has(id));
  }

  clear(): void {
    if (this.#fired.length > 0) this.#fired.length = 0;
  }
}

/** What a finding is about, and where in the input it is. */
export interface FindingSubject {
  readonly input: Input;
  /** The line at which the event or body begins. */
  readonly line: number;
  readonly place: () => Place;
  readonly sessionId: () => string | null;
  readonly seqNumber: number | null;
}

/** Collects the findings about one subject (an event, a session or a request), and remembers which rules fired. */
export class FindingCollector {
  findings: Finding[] = [];
  readonly fired = new FiredRules();
  /** Whether a finding whose severity in force is error is a reason not to send the subject. */
  invalid = false;
  /** Whether there is an event- or session-level finding of severity error. */
  hasDataError = false;

  constructor(readonly options: InspectOptions) {}

  /** Removes everything, to start another subject. */
  clear(): void {
    if (this.findings.length > 0) this.findings = [];
    this.fired.clear();
    this.invalid = false;
    this.hasDataError = false;
  }

  add(id: RuleId, problem: () => Problem, subject: FindingSubject): void {
    this.fired.add(id);
    const severity = severityOf(id, this.options, subject.input);
    if (severity === 'off') return;
    this.take(new FoundProblem(id, severity, problem, subject));
  }

  /** Adds a finding that was made before. */
  take(finding: Finding): void {
    if (finding.severity === 'error') {
      if (blocksSending(finding.rule)) this.invalid = true;
      if (RULES[finding.rule].level !== 'request') this.hasDataError = true;
    }
    this.findings.push(finding);
  }
}

interface Words {
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
  readonly reference: string | null;
}

/** A finding whose texts, place and SessionId are computed when they are read. */
class FoundProblem implements Finding {
  readonly input: Input;
  readonly fromLine: number;
  readonly seqNumber: number | null;
  #problem: (() => Problem) | null;
  #subject: FindingSubject | null;
  #words: Words | null = null;
  #place: Place | null = null;
  #sessionId: string | null | undefined;

  constructor(
    readonly rule: RuleId,
    readonly severity: Severity,
    problem: () => Problem,
    subject: FindingSubject,
  ) {
    this.input = subject.input;
    this.fromLine = subject.line;
    this.seqNumber = subject.seqNumber;
    this.#problem = problem;
    this.#subject = subject;
  }

  get place(): Place {
    this.#place ??= this.#subject!.place();
    return this.#place;
  }

  get sessionId(): string | null {
    if (this.#sessionId === undefined) this.#sessionId = this.#subject!.sessionId();
    return this.#sessionId;
  }

  get expected(): string {
    return this.#worded.expected;
  }

  get received(): string {
    return this.#worded.received;
  }

  get hint(): string {
    return this.#worded.hint;
  }

  get reference(): string | null {
    return this.#worded.reference;
  }

  settle(): Finding {
    void this.place;
    void this.sessionId;
    void this.#worded;
    this.#problem = null;
    this.#subject = null;
    return this;
  }

  get #worded(): Words {
    if (this.#words) return this.#words;
    const rule = RULES[this.rule];
    const { expected, received, hint, reference } = this.#problem!();
    this.#words = {
      expected: escaped(expected),
      received: escaped(received),
      hint: escaped(hint ?? rule.mend),
      reference: (reference ?? rule.reference) || null,
    };
    return this.#words;
  }
}

/** A finding as data that can be stored: it holds the index of its input instead of the input. */
export interface StoredFinding extends Omit<Finding, 'settle' | 'input' | 'place'> {
  readonly place: Omit<Place, 'input'> & { readonly input: number };
}

export function storedFinding(finding: Finding): StoredFinding {
  const { rule, severity, fromLine, place, expected, received, hint, sessionId, seqNumber, reference } =
    finding;
  return {
    rule,
    severity,
    fromLine,
    place: { ...place, input: place.input.index },
    expected,
    received,
    hint,
    sessionId,
    seqNumber,
    reference,
  };
}

/** Restores a stored finding. @param inputs The inputs by their index. */
export function restoredFinding(stored: StoredFinding, inputs: ReadonlyMap<number, Input>): Finding {
  const input = inputs.get(stored.place.input)!;
  const finding: Finding = { ...stored, input, place: { ...stored.place, input }, settle: () => finding };
  return finding;
}
