import { appendFile, stat } from 'node:fs/promises';
import { type Diagnosis, type Finding, messageOf, type Severity } from '../../../domain/finding.js';
import { requestWords } from '../../../domain/place.js';
import { escaped, formatNumber, pluralize } from '../../../domain/text.js';
import { RULES } from '../../../rules/index.js';
import type { Gated } from '../../../validate/gates.js';
import type { ValidationReport } from '../../../validate/validate.js';
import { type FindingGroup, findingGroups, sessionCount, verdictOf, verdictText } from '../summary.js';
import type { Reported } from './reporter.js';

/** How many annotations per severity GitHub shows for one step. */
const MAX_ANNOTATIONS = 10;

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<
  Severity,
  CommandName
>;

/** The report as workflow commands, and the verdict as text. */
export function* github(reported: Reported): Generator<string> {
  yield* annotations(reported);
  yield `${verdictText({ ...reported, ...reported.report })}\n`;
}

/** The complete report as Markdown. */
export function* markdown(reported: Reported): Generator<string> {
  yield summaryMarkdown(reported, Number.POSITIVE_INFINITY);
}

/**
 * The report as workflow commands, which GitHub shows as annotations at the lines of the findings. Ends with the number
 * of findings without an annotation.
 */
export function* annotations(reported: Reported): Generator<string> {
  const { report } = reported;
  const { gated } = reported;
  const left = { error: MAX_ANNOTATIONS, warning: MAX_ANNOTATIONS, info: MAX_ANNOTATIONS };
  for (const diagnosis of report.diagnoses) {
    const severity = gated.counts(diagnosis.diagnosis) ? diagnosis.severity : 'info';
    if (left[severity]-- > 0) yield diagnosisAnnotation(diagnosis, severity);
  }
  const shown = new Set(annotated(reported, left));
  for (const finding of report.findings) if (shown.has(finding)) yield annotation(finding, reported);
  for (const severity of ['error', 'warning', 'info'] as const) {
    const findings = report.rules.reduce(
      (sum, { rule, bySeverity }) =>
        sum + (gated.counts(rule) ? bySeverity[severity] : severity === 'info' ? findingsOf(bySeverity) : 0),
      0,
    );
    const more = findings - [...shown].filter((finding) => shownAs(finding, gated) === severity).length;
    if (more > 0)
      yield `… and ${pluralize(more, `more ${severity}`)}: GitHub shows at most ${MAX_ANNOTATIONS} per step\n`;
  }
}

function findingsOf({ error, warning, info }: Readonly<Record<Severity, number>>): number {
  return error + warning + info;
}

/** A finding that does not count is shown as an info. */
function shownAs({ rule, severity }: Pick<Finding, 'rule' | 'severity'>, gated: Gated): Severity {
  return gated.counts(rule) ? severity : 'info';
}

/**
 * The findings to show: first one finding for each hint, then others.
 * @param left How many annotations of each severity are left.
 */
function* annotated({ report, gated }: Reported, left: Record<Severity, number>): Generator<Finding> {
  const groups = findingGroups(report);
  const first = groups.map(({ findings }) => findings[0]);
  const others = groups.flatMap(({ findings }) => findings.slice(1, MAX_ANNOTATIONS));
  for (const finding of [...first, ...others]) {
    const severity = shownAs(finding, gated);
    if (left[severity] <= 0) continue;
    left[severity] -= 1;
    yield finding;
  }
}

function annotation(finding: Finding, { pathOf, gated }: Reported): string {
  const { rule, place, hint } = finding;
  const { input, line, column } = place;
  const path = pathOf(input);
  const file = path === null ? [`${input.name}:${line}:${column}`] : [];
  const where = [...file, ...requestWords(place)].map((part) => `${part}: `).join('');
  return workflowCommand(
    COMMANDS[shownAs(finding, gated)],
    { ...(path !== null && { file: escaped(path), line: String(line), col: String(column) }), title: rule },
    `${escaped(where + messageOf(finding))}\n${escaped(hint)}`,
  );
}

/** The annotation of a diagnosis, which has no line. */
function diagnosisAnnotation({ diagnosis, title, evidence, mend }: Diagnosis, severity: Severity): string {
  return workflowCommand(COMMANDS[severity], { title: diagnosis }, `${title}. ${evidence}\nfix: ${mend}`);
}

export type CommandName = 'error' | 'warning' | 'notice';

/** A workflow command, on its own line. */
export function workflowCommand(
  name: CommandName,
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${inProperty(value)}`);
  return `::${name} ${pairs.join(',')}::${inMessage(message)}\n`;
}

function inMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function inProperty(text: string): string {
  return inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** How many places are listed per hint. */
const MAX_PLACES_PER_GROUP = 10;
/** The maximum size of the note about what is left out. */
const NOTE_BYTES = 200;

/** @param room The space in bytes of UTF-8. Hints that do not fit are left out and counted. */
export function summaryMarkdown(
  reported: Pick<Reported, 'report' | 'gated' | 'warningsFail'>,
  room: number,
): string {
  const { report } = reported;
  const groups = findingGroups(report);
  const parts = [heading(reported), ...report.diagnoses.map(diagnosisMarkdown), ruleRows(report)];
  let left = room - NOTE_BYTES - parts.reduce((bytes, part) => bytes + Buffer.byteLength(part), 0);
  if (left < 0) return '';
  for (const [i, group] of groups.entries()) {
    const part = groupMarkdown(group);
    left -= Buffer.byteLength(part);
    if (left < 0) {
      parts.push(
        `\n${pluralize(groups.length - i, 'more group')} left out: a step’s summary can hold 1 MiB.\n`,
      );
      break;
    }
    parts.push(part);
  }
  return parts.join('');
}

function heading({ report, ...rest }: Pick<Reported, 'report' | 'gated' | 'warningsFail'>): string {
  const { verdict, checked, accepted } = verdictOf({ ...rest, ...report });
  const list = accepted.map((line) => `- ${line}\n`).join('');
  return `### omny-consume validate\n\n${verdict}${checked}\n\n${list === '' ? '' : `${list}\n`}`;
}

function diagnosisMarkdown({ diagnosis, severity, title, evidence, mend, examples }: Diagnosis): string {
  const as = examples.length === 0 ? '' : `\n\nFor example: ${examples.map((id) => `\`${id}\``).join(', ')}`;
  return `**${severity} ${diagnosis}**: ${plain(title)}\n\n${plain(evidence)}${as}\n\nFix: ${plain(mend)}\n\n`;
}

function ruleRows({ rules }: ValidationReport): string {
  if (rules.length === 0) return '';
  const rows = rules.map(
    (total) =>
      `| ${total.rule} | ${total.severity} | ${formatNumber(total.findings)} | ${total.sessions === 0 ? '–' : sessionCount(total)} |\n`,
  );
  return `| rule | severity | findings | sessions |\n| --- | --- | ---: | ---: |\n${rows.join('')}`;
}

function groupMarkdown({ rule, findings, hint, total, share }: FindingGroup): string {
  const [{ severity }] = findings;
  const listed = findings.slice(0, MAX_PLACES_PER_GROUP);
  const places = listed.map((finding) => {
    const { input, line, column } = finding.place;
    const where = [`${input.name}:${line}:${column}`, ...requestWords(finding.place)].join(' ');
    return `- ${plain(where)} ${plain(messageOf(finding))}\n`;
  });
  const more = total - listed.length;
  if (more > 0) places.push(`- … and ${pluralize(more, 'more place')}\n`);
  const sessions = share === null ? '' : `, ${share}`;
  return `\n**${severity} ${rule}**: ${plain(RULES[rule].title)}${sessions}\n\n${places.join('')}\n${plain(hint)}\n`;
}

/** Text escaped so that neither Markdown nor HTML interprets it. */
function plain(text: string): string {
  return escaped(text)
    .replaceAll(/[\\`*_{}[\]#|~>]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('@', '&#64;');
}

/** The maximum size of a step's summary at GitHub. */
const MAX_SUMMARY_BYTES = 1024 * 1024;

/**
 * Appends the report to the summary of a workflow's step. Reports when that fails.
 * @param file The file of `GITHUB_STEP_SUMMARY`. Earlier commands of the step can have written to it.
 */
export async function appendStepSummary(file: string, reported: Reported): Promise<void> {
  const before = await stat(file).catch(() => null);
  const { note } = reported;
  const text = summaryMarkdown(reported, MAX_SUMMARY_BYTES - (before?.size ?? 0));
  if (text === '') {
    note('GITHUB_STEP_SUMMARY: no space left for the report');
    return;
  }
  try {
    await appendFile(file, text);
  } catch (error) {
    note(`GITHUB_STEP_SUMMARY: cannot be written: ${(error as Error).message}`);
  }
}
