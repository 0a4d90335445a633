import { Diagnoses } from '../diagnoses/diagnoses.js';
import {
  type Diagnosis,
  type Finding,
  messageOf,
  type ReportedFinding,
  SEVERITIES,
} from '../domain/finding.js';
import type { Input } from '../domain/place.js';
import type { InputRecord, ListenLengths, TableJudge } from '../domain/record.js';
import { inspect } from './inspect.js';
import { type Summary, Tally } from './inspected.js';
import { diagnosesInForce, INSPECT_DEFAULTS, type InspectOptions } from './options.js';
import { type RuleTotal, RuleTotals } from './rule-totals.js';

export interface ValidateOptions extends InspectOptions {
  /** How many findings to keep, errors first, then warnings; 0 keeps all. The summary counts all. */
  readonly maxFindings: number;
}

/** The result of a validation. */
export interface ValidationReport {
  readonly summary: Summary;
  /** The most severe findings, at most `maxFindings`, in output order. */
  readonly findings: readonly Finding[];
  /** The player's bugs behind patterns over the whole input, where the evidence is clear. */
  readonly diagnoses: readonly Diagnosis[];
  /** How many findings were not kept. */
  readonly omitted: number;
  /** What each rule found, over all findings, in the catalogue's order. Rules that found nothing are left out. */
  readonly rules: readonly RuleTotal[];
  /** What was read, in input order. */
  readonly inputs: readonly Input[];
  /** How long people listened in the sessions of each table. */
  readonly listening: readonly ListenLengths[];
  /** How many sessions are outside `within`. No other count includes them. */
  readonly keptOut: number;
}

export const DEFAULT_MAX_FINDINGS = 10_000;

/**
 * Checks the records of readers against every rule of the catalogue.
 * @param records What `readInputs` yields.
 * @param options `now`, in unix seconds, is required; the rest has defaults.
 */
export async function validate(
  records: AsyncIterable<readonly InputRecord[]>,
  options: Partial<ValidateOptions> & Pick<ValidateOptions, 'now'>,
): Promise<ValidationReport> {
  const defaults = {
    ...INSPECT_DEFAULTS,
    maxFindings: DEFAULT_MAX_FINDINGS,
    order: 'any' as const,
    separateStores: true,
  };
  const diagnoses = new Diagnoses({ ...defaults, ...options });
  const settings = { ...defaults, ...options, diagnoses };
  const findings = new FindingList(settings.maxFindings);
  const tally = new Tally();
  const totals = new RuleTotals();
  const inputs: Input[] = [];
  const tables: TableJudge[] = [];
  for await (const chunk of inspect(records, settings)) {
    for (const inspected of chunk) {
      tally.add(inspected);
      if (inspected.kind === 'table') tables.push(inspected.table.judge);
      if (inspected.kind === 'input') inputs.push(inspected.input);
      if (inspected.kind === 'session') totals.endSession();
      if (inspected.kind !== 'finding') continue;
      findings.add(inspected.finding);
      totals.add(inspected.finding);
    }
  }
  const found = diagnosesInForce(diagnoses.end(), settings);
  return {
    summary: tally.summary(found.length),
    findings: findings.sorted(),
    diagnoses: found,
    omitted: findings.omitted,
    rules: totals.totals(),
    inputs,
    listening: tables.flatMap((table) => table.lengths() ?? []),
    keptOut: tally.keptOut,
  };
}

/** Keeps errors before warnings, and warnings before infos; within a severity, the first in output order. Counts the rest. */
export class FindingList {
  #kept: Finding[] = [];
  #omitted = 0;
  /** The last finding to keep, once the list is full: later findings and less severe findings are dropped. */
  #last: Finding | undefined;

  /** @param most How many to keep; 0 keeps all. */
  constructor(readonly most: number) {}

  add(finding: Finding): void {
    if (this.#last && !precedes(finding, this.#last)) {
      this.#omitted += 1;
      return;
    }
    this.#kept.push(finding.settle());
    if (this.most > 0 && this.#kept.length > 2 * this.most + 64) this.#trim();
  }

  /** The kept findings, in output order. */
  sorted(): readonly Finding[] {
    this.#trim();
    return this.#kept.sort(compareFindings);
  }

  /** How many were not kept. */
  get omitted(): number {
    this.#trim();
    return this.#omitted;
  }

  #trim(): void {
    if (this.most === 0 || this.#kept.length <= this.most) return;
    this.#kept.sort((a, b) => compareSeverities(a, b) || compareFindings(a, b));
    this.#omitted += this.#kept.length - this.most;
    this.#kept.length = this.most;
    this.#last = this.#kept.at(-1);
  }
}

/** Whether a finding is more severe than another, or as severe and before it in output order. */
function precedes(finding: Finding, other: Finding): boolean {
  const severity = compareSeverities(finding, other);
  if (severity !== 0) return severity < 0;
  return !beginsBehind(finding, other) && compareFindings(finding, other) < 0;
}

/** Compares two findings: the more severe first. */
function compareSeverities(a: Finding, b: Finding): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

/**
 * Whether a finding is certainly behind another in output order. Compares only the input and the line, which are known
 * without computing the place.
 */
function beginsBehind({ input, fromLine }: Finding, last: Finding): boolean {
  return input.index > last.input.index || (input.index === last.input.index && fromLine > last.place.line);
}

/** Compares two findings by output order: file, line and path in the input, then rule. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    a.place.input.index - b.place.input.index ||
    a.place.line - b.place.line ||
    comparePointers(a.place.pointer ?? '', b.place.pointer ?? '') ||
    compareText(a.rule, b.rule) ||
    a.place.column - b.place.column ||
    compareText(a.expected, b.expected)
  );
}

function comparePointers(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [a.split('/'), b.split('/')];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const order = compareSegments(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareSegments(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  return a !== '' && b !== '' && Number.isInteger(x) && Number.isInteger(y) ? x - y : compareText(a, b);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The finding as it is reported. */
export function reported(finding: Finding): ReportedFinding {
  const { place } = finding;
  return {
    rule: finding.rule,
    severity: finding.severity,
    message: messageOf(finding),
    hint: finding.hint,
    file: place.input.name,
    line: place.line,
    column: place.column,
    path: place.pointer,
    request: place.request,
    entry: place.entry ?? null,
    sessionId: finding.sessionId,
    seqNumber: finding.seqNumber,
    reference: finding.reference,
  };
}
