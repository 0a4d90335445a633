import { type Finding, RULE_IDS, type RuleId, type Severity } from '../domain/finding.js';
import type { Input, Place } from '../domain/place.js';
import { escaped } from '../domain/text.js';
import type { Problem } from '../rules/define.js';
import { RULES } from '../rules/index.js';
import { type InspectOptions, severityOf } from './options.js';

/** Whether a finding of the rule, where its severity is error, is a reason not to send what it is about. */
export function blocksSending(id: RuleId): boolean {
  const rule = RULES[id];
  return rule.level !== 'request' || rule.ofTransport !== true;
}

/** The rules whose condition was met, also those that are off. Mostly none or one: a list is faster than a set. */
export class FiredRules {
  readonly #fired: RuleId[] = [];

  add(id: RuleId): void {
    if (!this.#fired.includes(id)) this.#fired.push(id);
  }

  has(id: RuleId): boolean {
    return this.#fired.length > 0 && this.#fired.includes(id);
  }

  /** Whether one of some rules is among them. */
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

/** What a finding is about, and where that stands. */
export interface FindingSubject {
  readonly input: Input;
  /** The line at which the event or body begins. */
  readonly line: number;
  readonly place: () => Place;
  readonly sessionId: () => string | null;
  readonly seqNumber: number | null;
}

/** Collects the findings about one thing, and remembers which rules fired. */
export class FindingCollector {
  findings: Finding[] = [];
  readonly fired = new FiredRules();
  /** Whether one of severity error, as it is in force, keeps what it is about from being sent. */
  invalid = false;
  /** Whether an event- or session-level one of severity error is among them. */
  hasDataError = false;

  constructor(readonly options: InspectOptions) {}

  /** Starts again, for another subject. */
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

  /** Takes a finding that was made before. */
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

/** A finding whose words, place and SessionId are made when they are asked for. */
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

/** A finding as data that can be stored: what it is about an input is said by the input's index. */
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

/** @param inputs The inputs by their index. */
export function restoredFinding(stored: StoredFinding, inputs: ReadonlyMap<number, Input>): Finding {
  const input = inputs.get(stored.place.input)!;
  const finding: Finding = { ...stored, input, place: { ...stored.place, input }, settle: () => finding };
  return finding;
}
