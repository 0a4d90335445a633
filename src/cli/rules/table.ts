import { pluralize } from '../../domain/text.js';
import { type RuleId, SEVERITIES } from '../../domain/finding.js';
import { indented } from '../wrapped.js';
import { type ExplainedRule, SUBJECTS, type Subject } from './explained.js';
import { painted, type RuleStyle } from './style.js';

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
