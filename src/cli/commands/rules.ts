import type { ChalkInstance } from 'chalk';
import { UserError } from '../../domain/errors.js';
import { RULE_IDS, type RuleId, SEVERITIES, type Severity } from '../../domain/finding.js';
import { escaped, nearest, pluralize } from '../../domain/text.js';
import { type ExampleInput, exampleLines, inputOf } from '../../guide/example-text.js';
import type { Example } from '../../guide/guide.js';
import { readInputs } from '../../read/read.js';
import type { Rule } from '../../rules/define.js';
import { RULES } from '../../rules/index.js';
import { type ReportedFinding, reported } from '../../validate/finding-list.js';
import { validate } from '../../validate/validate.js';
import { type ContractPoint, pointsOf } from '../../wire/contract.js';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import type { CommonFlags } from '../options/option.js';
import { openOutput, writeAll } from '../output.js';
import { colorsFor, indented } from '../terminal.js';

export interface RulesFlags extends CommonFlags {
  readonly format: 'pretty' | 'json';
  readonly example?: 'broken' | 'mended';
}

const DEFAULT_WIDTH = 80;
const MAX_WIDTH = 100;

export async function runRules(id: string | undefined, flags: RulesFlags, cli: Cli): Promise<ExitCode> {
  const text = await textOf(id === undefined ? null : ruleNamed(id), flags, cli);
  await writeAll(await openOutput(flags.output, cli.stdout), [text]);
  return EXIT.ok;
}

async function textOf(id: RuleId | null, flags: RulesFlags, cli: Cli): Promise<string> {
  if (flags.example) return exampleOf(id, flags.example);
  const now = flags.now ?? cli.now();
  const rules = await Promise.all((id === null ? RULE_IDS : [id]).map((each) => explained(each, now)));
  if (flags.format === 'json') return `${JSON.stringify({ version: 1, rules }, null, 2)}\n`;
  const toFile = flags.output !== undefined;
  const style = {
    colors: colorsFor(cli.stdout, toFile ? 'never' : flags.color, cli.env),
    width: Math.min(MAX_WIDTH, (toFile ? undefined : cli.stdout.columns) ?? DEFAULT_WIDTH),
  };
  const [only] = rules;
  return id !== null && only
    ? rulePage(only, style)
    : ruleTable(rules, { ...style, all: flags.verbose === true });
}

/** @throws UserError of kind `usage` where no rule is called so. */
function ruleNamed(text: string): RuleId {
  const id = RULE_IDS.find((known) => known === text);
  if (id) return id;
  const near = nearest(text, RULE_IDS);
  throw new UserError(
    'usage',
    `no rule is called "${escaped(text)}"`,
    near ? `Did you mean ${near}?` : 'omny-consume rules lists them.',
  );
}

function exampleOf(id: RuleId | null, which: 'broken' | 'mended'): string {
  if (id === null) {
    throw new UserError(
      'usage',
      '--example needs the id of a rule',
      `omny-consume rules seq-gap --example ${which}`,
    );
  }
  return inputOf(RULES[id].guide()[which]).text;
}

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

/** How what is said of rules is shown. */
export interface RuleStyle {
  readonly colors: ChalkInstance;
  /** Columns that it may take. */
  readonly width: number;
}

export function painted(severity: Severity, text: string, colors: ChalkInstance): string {
  return { error: colors.red, warning: colors.yellow, info: colors.blue }[severity](text);
}

/** A rule explained, for people. */
export function rulePage(rule: ExplainedRule, style: RuleStyle): string {
  const { id, severity, title, firesWhen, why, mend, code } = rule;
  const { colors } = style;
  const text = (words: string) => indented(words, 2, style.width);
  const shown = (lines: readonly string[]) => lines.map((line) => `  ${line}`).join('\n');
  const guide = RULES[id].guide();
  const found = rule.examples.broken.findings.map(({ message }) =>
    painted(severity, text(`✖ ${escaped(message)}`), colors),
  );
  const sections: readonly (readonly [heading: string, ...texts: readonly string[]])[] = [
    ['Fires when', text(`${firesWhen}.`)],
    ['Why', text(why)],
    ['Rests on', ...restsOn(rule, style.width)],
    ['An example that breaks it', shown(exampleLines(guide.broken, guide)), ...found],
    ['The same, mended', shown(exampleLines(guide.mended, guide))],
    [
      'How to mend a player',
      text(mend),
      ...(code === null ? [] : ['', colors.cyan(shown(code.split('\n')))]),
    ],
    ['Try it', shown([`omny-consume rules ${id} --example broken | omny-consume validate`])],
  ];
  const head = `${painted(severity, severity, colors)} ${colors.bold(id)}: ${title}`;
  const pages = sections.map(([heading, ...texts]) => [colors.bold(heading), ...texts].join('\n'));
  return `${[head, ...pages].join('\n\n')}\n`;
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

interface TableStyle extends RuleStyle {
  /** Say when each fires, too. */
  readonly all: boolean;
}

/** The list of rules for people, grouped by what they look at. */
export function ruleTable(rules: readonly ExplainedRule[], style: TableStyle): string {
  const { colors, width } = style;
  const widest = (texts: readonly string[]) => Math.max(...texts.map(({ length }) => length)) + 2;
  const columns = { severity: widest(SEVERITIES), id: widest(rules.map(({ id }) => id)) };
  const groups = SUBJECTS.map((subject) => {
    const its = rules.filter((rule) => rule.subject === subject);
    return [colors.bold(HEADINGS[subject]), ...its.map((rule) => rowText(rule, columns, style)), ''];
  });
  const counts = SEVERITIES.map((severity) =>
    pluralize(rules.filter((rule) => rule.severity === severity).length, severity),
  );
  const closing = `${pluralize(rules.length, 'rule')}: ${counts.join(', ')} (--rule ID=SEVERITY sets another). omny-consume rules ID explains one.`;
  return `${[...groups.flat(), indented(closing, 0, width)].join('\n')}\n`;
}

function rowText(
  { id, severity, title, firesWhen }: ExplainedRule,
  columns: Readonly<Record<'severity' | 'id', number>>,
  { colors, width, all }: TableStyle,
): string {
  const margin = 2 + columns.severity + columns.id;
  const text = indented(title, margin, width).trimStart();
  const name: RuleId = id;
  const row = `  ${painted(severity, severity.padEnd(columns.severity), colors)}${colors.bold(name.padEnd(columns.id))}${text}`;
  return all ? `${row}\n${colors.dim(indented(firesWhen, margin, width))}` : row;
}
