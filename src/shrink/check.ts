import { Diagnoses } from '../diagnoses/diagnoses.js';
import { UserError } from '../domain/errors.js';
import type { Diagnosis, DiagnosisId, Finding, RuleId } from '../domain/finding.js';
import type { InputRecord } from '../domain/record.js';
import { comparableName } from '../domain/text.js';
import { type ReadOptions, readInputs } from '../read/read.js';
import { RULES } from '../rules/index.js';
import { inspect } from '../validate/inspect.js';
import { diagnosesInForce, type InspectOptions } from '../validate/options.js';
import { BODY_PROPERTIES } from '../wire/body.js';
import { EVENT_FIELDS } from '../wire/event.js';
import type { Document } from './document.js';
import { bytesOf } from './write.js';

/** The rule or the diagnosis that the shrunk input must still have. */
export type Target =
  | { readonly kind: 'rule'; readonly id: RuleId }
  | { readonly kind: 'diagnosis'; readonly id: DiagnosisId };

/** The findings and diagnoses of an input. */
export interface Verdict {
  /** The first few findings of the target rule. */
  readonly findings: readonly Finding[];
  /** The target diagnosis, if the input has it. */
  readonly diagnosis: Diagnosis | undefined;
  /** All rules with a finding. */
  readonly rules: ReadonlySet<RuleId>;
  /** The rules with a finding of severity error. */
  readonly errors: ReadonlySet<RuleId>;
  readonly diagnoses: readonly DiagnosisId[];
  readonly events: number;
  readonly sessions: number;
}

/**
 * How many findings of the target rule to keep. Shrinking starts from the first of them whose session alone still breaks the
 * rule.
 */
const KEPT_FINDINGS = 20;

/** All options that can change the findings. */
export interface Settings {
  readonly read: Partial<ReadOptions>;
  readonly rules: InspectOptions;
}

/**
 * Checks records as `validate` does.
 * @param everything Whether to look for diagnoses even if the target is a rule.
 */
export async function verdictOn(
  records: AsyncIterable<readonly InputRecord[]>,
  options: InspectOptions,
  target: Target,
  everything = false,
): Promise<Verdict> {
  const diagnoses = everything || target.kind === 'diagnosis' ? new Diagnoses(options) : undefined;
  const findings: Finding[] = [];
  const rules = new Set<RuleId>();
  const errors = new Set<RuleId>();
  let [events, sessions] = [0, 0];
  const settings = { ...options, order: 'any' as const, separateStores: true, diagnoses };
  for await (const chunk of inspect(records, settings)) {
    for (const inspected of chunk) {
      if (inspected.kind === 'stray') events += 1;
      if (inspected.kind === 'session' && inspected.occurrence !== 'resent') {
        events += inspected.session.count;
        sessions += inspected.occurrence === 'first' ? 1 : 0;
      }
      if (inspected.kind !== 'finding') continue;
      const { rule, severity } = inspected.finding;
      rules.add(rule);
      if (severity === 'error') errors.add(rule);
      if (target.id === rule && findings.length < KEPT_FINDINGS) findings.push(inspected.finding.settle());
    }
  }
  const found = diagnoses ? diagnosesInForce(diagnoses.end(), options) : [];
  return {
    findings,
    diagnosis: found.find(({ diagnosis }) => diagnosis === target.id),
    rules,
    errors,
    diagnoses: found.map(({ diagnosis }) => diagnosis),
    events,
    sessions,
  };
}

/** Whether an input has the target. */
export function hasTarget({ findings, diagnosis }: Verdict, { kind }: Target): boolean {
  return kind === 'rule' ? findings.length > 0 : diagnosis !== undefined;
}

const DOCUMENTED: ReadonlySet<string> = new Set([...EVENT_FIELDS, ...BODY_PROPERTIES]);
const NAMES = [...DOCUMENTED].map((name) => [comparableName(name), name] as const);

/**
 * A text that is equal for findings of one rule about the same mistake: the name of the field or, for text that cannot be
 * parsed, what was expected. Without it, a missing Position could shrink to a missing ClipId.
 */
export function mistakeOf({ rule, place, expected }: Finding): string {
  const { level } = RULES[rule];
  const wanted = expected.replaceAll(/"[^"]*"|\d+/g, '#');
  if (level === 'syntax') return wanted;
  if (level !== 'event' && rule !== 'request-shape') return '';
  if (place.pointer === null) return NAMES.find(([, name]) => expected.includes(name))?.[1] ?? '';
  const last = comparableName(place.pointer.split('/').at(-1) ?? '');
  return NAMES.find(([name]) => name === last)?.[1] ?? '';
}

/** Checks whether documents have the target, as `validate` would check a file that holds them. */
export class Check {
  /** @param name The name of the input: a config file can set severities by name. */
  constructor(
    private readonly settings: Settings,
    readonly target: Target,
    private readonly name: string,
    /** The mistake that must remain; null for any that breaks the rule. */
    readonly mistake: string | null,
    /** The rules of severity error that the document may break. */
    readonly errors: ReadonlySet<RuleId>,
  ) {}

  /** The same check with another mistake or other errors. */
  with({
    mistake = this.mistake,
    errors = this.errors,
  }: {
    mistake?: string | null;
    errors?: ReadonlySet<RuleId>;
  }): Check {
    return new Check(this.settings, this.target, this.name, mistake, errors);
  }

  /** The verdict on a document; null if the target is missing, there is a new error, or the document cannot be read. */
  async run(document: Document): Promise<Verdict | null> {
    const verdict = await this.verdict(document);
    if (!verdict || !hasTarget(verdict, this.target)) return null;
    if (![...verdict.errors].every((rule) => this.errors.has(rule))) return null;
    const { mistake } = this;
    if (
      mistake !== null &&
      this.target.kind === 'rule' &&
      !verdict.findings.some((each) => mistakeOf(each) === mistake)
    )
      return null;
    return verdict;
  }

  /** The verdict on a document; null if it cannot be read. */
  async verdict(document: Document): Promise<Verdict | null> {
    const bytes = bytesOf(document);
    const { read, rules } = this.settings;
    const { clips } = document;
    const reading: Partial<ReadOptions> = {
      ...read,
      format: document.format,
      delimiter: document.format === 'csv' ? document.delimiter : undefined,
      clipSeconds: (clip) => clips.get(clip.toLowerCase()),
    };
    const source = {
      name: this.name,
      bytes: (async function* () {
        yield bytes;
      })(),
    };
    try {
      return await verdictOn(readInputs([source], reading), { ...rules, clipDurations: clips }, this.target);
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }
}
