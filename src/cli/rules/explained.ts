import type { RuleId, Severity } from '../../domain/finding.js';
import { type ExampleInput, inputOf } from '../../guide/example-text.js';
import type { Example } from '../../guide/guide.js';
import { readInputs } from '../../read/read.js';
import type { Rule } from '../../rules/define.js';
import { RULES } from '../../rules/index.js';
import { type ReportedFinding, reported } from '../../validate/reported-finding.js';
import { validate } from '../../validate/validate.js';
import { type ContractPoint, pointsOf } from '../../wire/contract.js';

/** What a rule looks at. */
export const SUBJECTS = ['input', 'request', 'event', 'session'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** An example and what `validate` finds in it. */
export interface ExplainedExample extends ExampleInput {
  readonly findings: readonly ReportedFinding[];
}

/** Everything there is to say of a rule: the form that `rules --format json` documents. */
export interface ExplainedRule {
  readonly id: RuleId;
  readonly subject: Subject;
  /** Its default. */
  readonly severity: Severity;
  readonly title: string;
  readonly firesWhen: string;
  readonly why: string;
  /** The points of the API contract, `API-9, API-14`; null for none. */
  readonly reference: string | null;
  /** Those points, with the document's words. */
  readonly restsOn: readonly ContractPoint[];
  /** What of the rule the document does not say; null where it says it all. */
  readonly inferred: string | null;
  readonly mend: string;
  /** Browser code of a player that does it right. */
  readonly code: string | null;
  readonly examples: { readonly broken: ExplainedExample; readonly mended: ExplainedExample };
}

/**
 * Puts together what is known of a rule, and checks its examples.
 * @param now Unix seconds that count as now.
 */
export async function explained(id: RuleId, now: number): Promise<ExplainedRule> {
  const { severity, title, why, mend, reference, level, guide } = RULES[id];
  const { firesWhen, inferred, code, broken, mended } = guide();
  return {
    id,
    subject: SUBJECT_OF[level],
    severity,
    title,
    firesWhen,
    why,
    reference: reference || null,
    restsOn: pointsOf(reference),
    inferred,
    mend,
    code: code ?? null,
    examples: { broken: await checked(broken, now), mended: await checked(mended, now) },
  };
}

const SUBJECT_OF: Readonly<Record<Rule['level'], Subject>> = {
  syntax: 'input',
  request: 'request',
  event: 'event',
  session: 'session',
};

async function checked(example: Example, now: number): Promise<ExplainedExample> {
  const { format, text } = inputOf(example);
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  const { findings } = await validate(readInputs([{ name: '<example>', bytes }], { format }), { now });
  return { format, text, findings: findings.map(reported) };
}
