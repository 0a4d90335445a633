import { Diagnoses } from '../diagnoses/diagnoses.js';
import type { Diagnosis } from '../domain/diagnosis.js';
import type { Finding } from '../domain/finding.js';
import type { Input } from '../domain/place.js';
import type { InputRecord, ListenLengths, TableJudge } from '../domain/record.js';
import { FindingList } from './finding-list.js';
import { inspect } from './inspect.js';
import { type Summary, Tally } from './inspected.js';
import { diagnosesInForce, INSPECT_DEFAULTS, type InspectOptions } from './options.js';
import { type RuleTotal, RuleTotals } from './rule-totals.js';

export interface ValidateOptions extends InspectOptions {
  /** How many findings to keep; 0 keeps all. The summary counts all. */
  readonly maxFindings: number;
}

/** The verdict on an input. */
export interface ValidationReport {
  readonly summary: Summary;
  /** In output order, at most `maxFindings`. */
  readonly findings: readonly Finding[];
  /** The player's bugs behind patterns over the whole input, where the evidence is clear. */
  readonly diagnoses: readonly Diagnosis[];
  /** How many findings were not kept. */
  readonly omitted: number;
  /** What each rule found, in the catalogue's order, over all findings; a rule that found nothing is not among them. */
  readonly rules: readonly RuleTotal[];
  /** What was read, in input order. */
  readonly inputs: readonly Input[];
  /** How long the sessions of each table were listened to. */
  readonly listening: readonly ListenLengths[];
  /** How many sessions `within` keeps out: they are in no other count. */
  readonly keptOut: number;
}

export const DEFAULT_MAX_FINDINGS = 10_000;

/**
 * Checks what readers give against every rule of the catalogue.
 * @param records What `readInputs` gives.
 * @param options `now`, in unix seconds, is needed; the rest has defaults.
 */
export async function validate(
  records: AsyncIterable<readonly InputRecord[]>,
  options: Partial<ValidateOptions> & Pick<ValidateOptions, 'now'>,
): Promise<ValidationReport> {
  const defaults = {
    ...INSPECT_DEFAULTS,
    maxFindings: DEFAULT_MAX_FINDINGS,
    order: 'any' as const,
    storesApart: true,
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
