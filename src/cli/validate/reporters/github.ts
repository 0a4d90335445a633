import { escaped, pluralize } from '../../../domain/text.js';
import { type Finding, messageOf, type Severity } from '../../../domain/finding.js';
import { closingText } from '../closing.js';
import { findingGroups } from '../finding-groups.js';
import { type CommandName, workflowCommand } from '../github/workflow-command.js';
import type { Reported } from './reporter.js';

/** How many annotations of a severity GitHub shows of one step. */
const MOST = 10;

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const satisfies Record<
  Severity,
  CommandName
>;

/** The report as workflow commands, which GitHub shows as annotations at their lines, and what there is besides as text. */
export function* github(reported: Reported): Generator<string> {
  const { report } = reported;
  const shown = new Set(annotated(reported));
  for (const finding of report.findings) if (shown.has(finding)) yield annotation(finding, reported);
  for (const severity of ['error', 'warning', 'info'] as const) {
    const all = report.rules.filter((total) => total.severity === severity);
    const findings = all.reduce((sum, total) => sum + total.findings, 0);
    const more = findings - [...shown].filter((finding) => finding.severity === severity).length;
    if (more > 0) yield `… and ${pluralize(more, `more ${severity}`)}: GitHub shows ${MOST} of a step\n`;
  }
  yield `${closingText(report, reported.warningsFail)}\n`;
}

/** Which findings are shown: of each severity one of every cause before a second of any. */
function* annotated({ report }: Reported): Generator<Finding> {
  const left = { error: MOST, warning: MOST, info: MOST };
  const groups = findingGroups(report);
  const first = groups.map(({ findings }) => findings[0]);
  const others = groups.flatMap(({ findings }) => findings.slice(1, MOST));
  for (const finding of [...first, ...others]) {
    if (left[finding.severity] === 0) continue;
    left[finding.severity] -= 1;
    yield finding;
  }
}

function annotation(finding: Finding, { pathOf }: Reported): string {
  const { rule, severity, place, hint } = finding;
  const { input, line, column } = place;
  const path = pathOf(input);
  const where = path === null ? `${input.name}:${line}:${column}: ` : '';
  return workflowCommand(
    COMMANDS[severity],
    { ...(path !== null && { file: escaped(path), line: String(line), col: String(column) }), title: rule },
    `${escaped(where + messageOf(finding))}\n${escaped(hint)}`,
  );
}
