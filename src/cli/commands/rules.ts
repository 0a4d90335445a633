import type { ChalkInstance } from 'chalk';
import { DIAGNOSES } from '../../diagnoses/diagnoses.js';
import { UserError } from '../../domain/errors.js';
import {
  DIAGNOSIS_IDS,
  type DiagnosisId,
  type ReportedFinding,
  RULE_IDS,
  type RuleId,
  SEVERITIES,
  type Severity,
} from '../../domain/finding.js';
import { escaped, nearest, pluralize } from '../../domain/text.js';
import { type Example, type ExampleInput, exampleLines, inputOf } from '../../guide/guide.js';
import { readInputs } from '../../read/read.js';
import { recorderLines } from '../../recorder/source.js';
import type { Rule } from '../../rules/define.js';
import { RULES } from '../../rules/index.js';
import { reported, validate } from '../../validate/validate.js';
import { type ContractPoint, pointsOf } from '../../wire/contract.js';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import type { CommonFlags } from '../options/option.js';
import { openOutput, writeAll } from '../output.js';
import { forPeople, indented, lookOf } from '../terminal.js';

export interface RulesFlags extends CommonFlags {
  readonly format: 'pretty' | 'json';
  readonly example?: 'broken' | 'fixed';
}

const DEFAULT_WIDTH = 80;
const MAX_WIDTH = 100;

export async function runRules(id: string | undefined, flags: RulesFlags, cli: Cli): Promise<ExitCode> {
  const text = await textOf(id === undefined ? null : idNamed(id), flags, cli);
  const pretty = flags.format === 'pretty' && flags.example === undefined;
  const shown = pretty ? forPeople([text], flags.output, cli) : [text];
  await writeAll(await openOutput(flags.output, cli.stdout), shown);
  return EXIT.ok;
}

async function textOf(id: RuleId | DiagnosisId | null, flags: RulesFlags, cli: Cli): Promise<string> {
  if (flags.example) return exampleOf(id, flags.example);
  const now = flags.now ?? cli.now();
  const chosen = <Id extends string>(ids: readonly Id[]): readonly Id[] =>
    ids.filter((each) => id === null || each === id);
  const rules = await Promise.all(chosen(RULE_IDS).map((each) => explained(each, now)));
  const diagnoses = chosen(DIAGNOSIS_IDS).map(explainedDiagnosis);
  if (flags.format === 'json') return `${JSON.stringify({ version: 1, rules, diagnoses }, null, 2)}\n`;
  const { colors, columns } = lookOf(flags, cli);
  const style = { colors, width: Math.min(MAX_WIDTH, columns ?? DEFAULT_WIDTH) };
  if (id === null) return ruleTable(rules, diagnoses, { ...style, all: flags.verbose === true });
  const [rule] = rules;
  return rule ? rulePage(rule, style) : diagnosisPage(diagnoses[0]!, style);
}

/** @throws UserError of kind `usage` when no rule or diagnosis has that id */
function idNamed(text: string): RuleId | DiagnosisId {
  const ids = [...RULE_IDS, ...DIAGNOSIS_IDS];
  const id = ids.find((known) => known === text);
  if (id) return id;
  const near = nearest(text, ids);
  throw new UserError(
    'usage',
    `there is no rule or diagnosis "${escaped(text)}"`,
    near ? `Did you mean ${near}?` : 'List them with: omny-consume rules',
  );
}

function exampleOf(id: RuleId | DiagnosisId | null, which: 'broken' | 'fixed'): string {
  const rule = RULE_IDS.find((known) => known === id);
  if (rule) return inputOf(RULES[rule].guide()[which]).text;
  const near = DIAGNOSIS_IDS.find((known) => known === id);
  throw new UserError(
    'usage',
    near ? `${near} is a diagnosis, and only rules have examples` : '--example needs the id of a rule',
    `Such as: omny-consume rules ${(near && DIAGNOSES[near].rules[0]) ?? 'seq-gap'} --example ${which}`,
  );
}

/** What a rule checks. */
export const SUBJECTS = ['input', 'request', 'event', 'session'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** An example and what `validate` finds in it. */
export interface ExplainedExample extends ExampleInput {
  readonly findings: readonly ReportedFinding[];
}

/** The explanation of a rule, in the form that `rules --format json` prints. */
export interface ExplainedRule {
  readonly id: RuleId;
  readonly subject: Subject;
  /** The default severity. */
  readonly severity: Severity;
  readonly title: string;
  readonly firesWhen: string;
  readonly why: string;
  /** The points of the API contract, such as `API-9, API-14`; null for none. */
  readonly reference: string | null;
  /** The same points, in the words of the API document. */
  readonly restsOn: readonly ContractPoint[];
  /** The part of the rule that the API document does not say; null when it says everything. */
  readonly inferred: string | null;
  readonly mend: string;
  /** The lines of the recorder that follow the rule. */
  readonly code: string | null;
  readonly examples: { readonly broken: ExplainedExample; readonly fixed: ExplainedExample };
}

/** Explains a rule and validates its examples. @param now The current time in unix seconds. */
export async function explained(id: RuleId, now: number): Promise<ExplainedRule> {
  const { severity, title, why, mend, reference, level, guide } = RULES[id];
  const { firesWhen, inferred, cites, broken, fixed } = guide();
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
    code: recorderLines(cites),
    examples: { broken: await checked(broken, now), fixed: await checked(fixed, now) },
  };
}

const SUBJECT_OF: Readonly<Record<Rule['level'], Subject>> = {
  syntax: 'input',
  table: 'input',
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

/** The explanation of a diagnosis, in the form that `rules --format json` prints. */
export interface ExplainedDiagnosis {
  readonly id: DiagnosisId;
  /** The default severity. */
  readonly severity: Severity;
  readonly title: string;
  /** What shows the bug in a session. */
  readonly evidence: string;
  /** In how many sessions it must appear, and what else must be true. */
  readonly reportedWhen: string;
  readonly mend: string;
  /** The rules whose findings it explains. */
  readonly rules: readonly RuleId[];
}

function explainedDiagnosis(id: DiagnosisId): ExplainedDiagnosis {
  const { severity, title, sees, threshold, mend, rules } = DIAGNOSES[id];
  return { id, severity, title, evidence: sees, reportedWhen: threshold, mend, rules };
}

/** How rules are printed. */
export interface RuleStyle {
  readonly colors: ChalkInstance;
  /** The width in columns. */
  readonly width: number;
}

export function painted(severity: Severity, text: string, colors: ChalkInstance): string {
  return { error: colors.red, warning: colors.yellow, info: colors.blue }[severity](text);
}

/** The page that explains a rule, for people. */
export function rulePage(rule: ExplainedRule, style: RuleStyle): string {
  const { id, severity, title, firesWhen, why, mend, code } = rule;
  const { colors } = style;
  const text = (words: string) => indented(words, 2, style.width);
  const shown = (lines: readonly string[]) => lines.map((line) => `  ${line}`).join('\n');
  const guide = RULES[id].guide();
  const found = rule.examples.broken.findings.map(({ message }) =>
    painted(severity, text(`✖ ${escaped(message)}`), colors),
  );
  const sections: readonly Section[] = [
    ['Reported when', text(`${firesWhen}.`)],
    ['Why', text(why)],
    ['Based on', ...restsOn(rule, style.width)],
    ['An example that breaks it', shown(exampleLines(guide.broken, guide)), ...found],
    ['The same, fixed', shown(exampleLines(guide.fixed, guide))],
    [
      'How to fix the player',
      text(mend),
      ...(code === null ? [] : ['', colors.cyan(shown(code.split('\n')))]),
    ],
    ['Try it', shown([`omny-consume rules ${id} --example broken | omny-consume validate`])],
  ];
  return page(`${painted(severity, severity, colors)} ${colors.bold(id)}: ${title}`, sections, colors);
}

type Section = readonly [heading: string, ...texts: readonly string[]];

function page(head: string, sections: readonly Section[], colors: ChalkInstance): string {
  const parts = sections.map(([heading, ...texts]) => [colors.bold(heading), ...texts].join('\n'));
  return `${[head, ...parts].join('\n\n')}\n`;
}

/** The page that explains a diagnosis, for people. */
function diagnosisPage(
  { id, severity, title, evidence, reportedWhen, mend, rules }: ExplainedDiagnosis,
  { colors, width }: RuleStyle,
): string {
  const text = (words: string) => indented(words, 2, width);
  const explains: readonly Section[] =
    rules.length === 0 ? [] : [['Explains findings of', text(rules.join(', '))]];
  return page(
    `diagnosis (${painted(severity, severity, colors)}) ${colors.bold(id)}: ${title}`,
    [
      ['Evidence in a session', text(`${evidence}.`)],
      ['Reported when', text(`${reportedWhen.replace(/\.$/, '')}.`)],
      ...explains,
      ['How to fix the player', text(mend)],
    ],
    colors,
  );
}

function restsOn({ restsOn: points, inferred }: ExplainedRule, width: number): string[] {
  const lines = points.map(
    ({ id, text, documented }) => `${id}${documented ? `: “${text}”` : `, observed: ${text}`}`,
  );
  if (inferred !== null) lines.push(`Not in the API document: ${lowerFirst(inferred)}`);
  return lines.map((line) => indented(line, 2, width));
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

const HEADINGS: Readonly<Record<Subject, string>> = {
  input: 'Input',
  request: 'Requests: bodies, captures, and what the mock receives',
  event: 'Events',
  session: 'Sessions',
};

const DIAGNOSES_HEADING = 'Diagnoses: bugs behind many findings, looked for in the whole input';

interface TableStyle extends RuleStyle {
  /** Whether to print also when each rule and diagnosis is reported. */
  readonly all: boolean;
}

/** The list of rules, grouped by what they check, and of diagnoses, for people. */
function ruleTable(
  rules: readonly ExplainedRule[],
  diagnoses: readonly ExplainedDiagnosis[],
  style: TableStyle,
): string {
  const { colors, width } = style;
  const widest = (texts: readonly string[]) => Math.max(...texts.map(({ length }) => length)) + 2;
  const columns = { severity: widest(SEVERITIES), id: widest([...rules, ...diagnoses].map(({ id }) => id)) };
  const groups = SUBJECTS.map((subject) => {
    const its = rules.filter((rule) => rule.subject === subject);
    const rows = its.map((rule) => rowText(rule, rule.firesWhen, columns, style));
    return [colors.bold(HEADINGS[subject]), ...rows, ''];
  });
  const ofDiagnoses = diagnoses.map((each) => rowText(each, each.evidence, columns, style));
  const counts = SEVERITIES.map((severity) =>
    pluralize(rules.filter((rule) => rule.severity === severity).length, severity),
  );
  const closing = `${pluralize(rules.length, 'rule')}: ${counts.join(', ')}; ${pluralize(diagnoses.length, 'diagnosis', 'diagnoses')}. Set another severity with --rule ID=SEVERITY. Explain a rule or diagnosis with omny-consume rules ID.`;
  const lines = [...groups.flat(), colors.bold(DIAGNOSES_HEADING), ...ofDiagnoses, ''];
  return `${[...lines, indented(closing, 0, width)].join('\n')}\n`;
}

/** On a narrower terminal, the title of a rule is on the line below its id. */
const MIN_WIDTH_FOR_COLUMNS = 70;

function rowText(
  { id, severity, title }: Pick<ExplainedRule | ExplainedDiagnosis, 'id' | 'severity' | 'title'>,
  condition: string,
  columns: Readonly<Record<'severity' | 'id', number>>,
  { colors, width, all }: TableStyle,
): string {
  const beside = width >= MIN_WIDTH_FOR_COLUMNS;
  const margin = beside ? 2 + columns.severity + columns.id : 6;
  const head = `  ${painted(severity, severity.padEnd(columns.severity), colors)}${colors.bold(id.padEnd(beside ? columns.id : 0))}`;
  const text = indented(title, margin, width);
  const row = beside ? `${head}${text.trimStart()}` : `${head}\n${text}`;
  return all ? `${row}\n${colors.dim(indented(condition, margin, width))}` : row;
}
