import type { ChalkInstance } from 'chalk';
import { type Diagnosis, type Finding, messageOf, type Severity } from '../../../domain/finding.js';
import { requestWords, wordsOf } from '../../../domain/place.js';
import { escaped, formatNumber, pluralize } from '../../../domain/text.js';
import { RULES } from '../../../rules/index.js';
import type { Gated } from '../../../validate/gates.js';
import type { ValidationReport } from '../../../validate/validate.js';
import { type Glyphs, glyphsFor } from '../../terminal.js';
import { snippet, type TextAt, tokenLength } from '../snippet.js';
import { type FindingGroup, findingGroups, sessionCount, verdictOf } from '../summary.js';
import type { Reported } from './reporter.js';

/** The part of the input of reporters that the report for people needs. `send` and `mock` have only this part. */
export interface PrettyReported extends Pick<Reported, 'colors' | 'columns' | 'all' | 'textsOf'> {
  readonly report: Pick<ValidationReport, 'summary' | 'findings' | 'omitted' | 'rules'> &
    Partial<Pick<ValidationReport, 'diagnoses'>>;
  readonly gated?: Gated;
  readonly warningsFail?: string | null;
}

/** The report for people: what was found, what each rule found, and the verdict. */
export async function* pretty(reported: PrettyReported): AsyncGenerator<string> {
  const { report, colors } = reported;
  if (report.findings.length > 0) {
    yield* findingsText(reported);
  }
  if (report.omitted > 0) {
    yield `${colors.dim(`${pluralize(report.omitted, 'more finding')} not listed: --max-findings sets how many are.`)}\n\n`;
  }
  if (report.diagnoses && report.diagnoses.length > 0) {
    yield* diagnosesText(report.diagnoses, reported);
  }
  if (report.rules.length > 1) {
    yield `${await ruleTable(reported)}\n\n`;
  }
  const { worst, verdict, checked, accepted } = verdictOf({ ...reported, ...report });
  const paint = worst === null ? colors.green : { error: colors.red, warning: colors.yellow }[worst];
  yield `${paint(verdict)}${checked}\n`;
  for (const line of accepted) yield `  ${line}\n`;
}

/** How many places are shown per hint. */
const MAX_PLACES_PER_GROUP = 3;
/** The width of an excerpt without a terminal. */
const DEFAULT_WIDTH = 110;
const MIN_WIDTH = 40;

/** The lines of the input to show, and how. */
interface Lines {
  readonly textAt: TextAt;
  readonly glyphs: Glyphs;
}

/** The findings grouped by hint, each with its line. */
async function* findingsText(reported: PrettyReported): AsyncGenerator<string> {
  const { report, all, textsOf } = reported;
  const groups = findingGroups(report);
  const shown = groups.map(({ findings }) => (all ? findings : findings.slice(0, MAX_PLACES_PER_GROUP)));
  const textAt = await textsOf(shown.flat());
  const glyphs = await glyphsFor(shown.flat().map(({ place }) => textAt(place)?.text ?? ''));
  const lines = { textAt, glyphs };
  for (const [i, group] of groups.entries()) yield* groupText(group, shown[i]!, lines, reported);
}

function* groupText(
  { rule, findings, hint, total, share }: FindingGroup,
  shown: readonly Finding[],
  lines: Lines,
  { colors, columns }: PrettyReported,
): Generator<string> {
  const [{ severity, reference }] = findings;
  const paint = painter(severity, colors);
  const basis = reference === null ? '' : colors.dim(` (${reference})`);
  const many = share !== null && total > 1 ? colors.dim(`, ${share}`) : '';
  yield `${paint(severity)} ${colors.bold(rule)}: ${RULES[rule].title}${basis}${many}\n`;
  const width = Math.max(MIN_WIDTH, columns ?? DEFAULT_WIDTH);
  const more = total - shown.length;
  for (const [i, finding] of shown.entries()) {
    // Of several findings with the same text, one is shown in full.
    if (more > 0 && i > 0 && finding.expected === findings[0].expected) {
      yield `  ${[fileText(finding), ...requestWords(finding.place)].join('  ')}  received ${escaped(finding.received)}\n`;
      continue;
    }
    yield `  ${placeText(finding, colors)}\n`;
    yield `    ${escaped(messageOf(finding))}\n`;
    if (more > 0 || !samePlace(finding, shown[i + 1])) yield lineText(finding, lines, width, colors, paint);
  }
  const listed = findings.length - shown.length;
  if (more > 0)
    yield `  ${colors.dim(`… and ${pluralize(more, 'more place')} (${howToSee(more, listed)})`)}\n`;
  yield `  ${colors.cyan('hint:')} ${escaped(hint)}\n\n`;
}

/** @param listed How many findings are kept and can be shown. */
function howToSee(more: number, listed: number): string {
  if (listed === 0) return 'list more with --max-findings';
  return listed === more ? 'show all with -v' : `show ${formatNumber(listed)} of them with -v`;
}

function fileText({ place }: Finding): string {
  return `${escaped(place.input.name)}:${place.line}:${place.column}`;
}

function placeText(finding: Finding, colors: ChalkInstance): string {
  const { place, sessionId, seqNumber } = finding;
  const about = [
    ...wordsOf(place),
    sessionId && `session ${sessionId}`,
    seqNumber !== null && `SeqNumber ${seqNumber}`,
  ].filter(Boolean);
  const file = fileText(finding);
  return about.length === 0 ? file : `${file}  ${colors.dim(escaped(about.join(', ')))}`;
}

/** The line of the input with a finding and a caret under its place; empty when the line cannot be read again. */
function lineText(
  { place }: Finding,
  { textAt, glyphs }: Lines,
  width: number,
  colors: ChalkInstance,
  paint: ChalkInstance,
): string {
  const excerpt = textAt(place);
  if (!excerpt) return '';
  const gutter = `    ${place.line} | `;
  const blank = `${' '.repeat(gutter.length - 2)}| `;
  const length = place.pointer === null ? 1 : tokenLength(excerpt);
  const { text, indent, carets } = snippet(excerpt, length, width - gutter.length, glyphs);
  return `${colors.dim(gutter)}${text}\n${colors.dim(blank)}${' '.repeat(indent)}${paint('^'.repeat(carets))}\n`;
}

/** Whether the next finding shows the same line. */
function samePlace({ place }: Finding, next: Finding | undefined): boolean {
  return (
    next !== undefined &&
    next.place.input.index === place.input.index &&
    next.place.line === place.line &&
    next.place.column === place.column
  );
}

function painter(severity: Severity, colors: ChalkInstance): ChalkInstance {
  return { error: colors.red, warning: colors.yellow, info: colors.blue }[severity];
}

/** The diagnoses for people: the bug, how many sessions show it, how to fix it, and the findings it explains. */
function* diagnosesText(
  diagnoses: readonly Diagnosis[],
  { report, colors }: PrettyReported,
): Generator<string> {
  const found = new Set(report.rules.map(({ rule }) => rule));
  for (const { diagnosis, severity, title, evidence, mend, rules, examples } of diagnoses) {
    const explained = rules.filter((rule) => found.has(rule));
    const lines = [
      `${painter(severity, colors)(`diagnosis (${severity})`)} ${colors.bold(diagnosis)}: ${title}`,
      `  ${evidence}`,
      ...(examples.length > 0 ? [`  ${colors.dim(`as in ${examples.join(', ')}`)}`] : []),
      `  ${colors.cyan('fix:')} ${mend}`,
      ...(explained.length > 0 ? [`  ${colors.dim(`explains: ${explained.join(', ')}`)}`] : []),
    ];
    yield `${lines.join('\n')}\n\n`;
  }
}

/** The totals of each rule, in the order of the catalogue. On a narrow terminal, only the rule's colour shows the severity. */
async function ruleTable({ report, colors, columns }: PrettyReported): Promise<string> {
  const { textTable } = await import('../../../report/text/text-table.js');
  const paint = { error: colors.red, warning: colors.yellow, info: colors.blue };
  return textTable(
    [
      { head: 'rule', cell: ({ rule, severity }) => paint[severity](rule), align: 'left' },
      { head: 'severity', cell: ({ severity }) => paint[severity](severity), align: 'left', leaves: 1 },
      { head: 'findings', cell: ({ findings }) => formatNumber(findings) },
      { head: 'sessions', cell: (its) => (its.sessions === 0 ? '–' : sessionCount(its)) },
    ],
    report.rules,
    { width: columns, bold: colors.bold },
  );
}
