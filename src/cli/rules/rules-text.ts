import type { ChalkInstance } from 'chalk';
import { type RuleId, SEVERITIES, type Severity } from '../../domain/finding.js';
import { escaped, pluralize } from '../../domain/text.js';
import { exampleLines } from '../../guide/example-text.js';
import { RULES } from '../../rules/index.js';
import { indented } from '../wrapped.js';
import { type ExplainedRule, SUBJECTS, type Subject } from './explained.js';

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
