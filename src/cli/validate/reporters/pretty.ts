import { pluralize } from '../../../domain/text.js';
import type { ValidationReport } from '../../../validate/validate.js';
import { hanging } from '../../wrapped.js';
import { closingOf } from '../closing.js';
import type { Reported } from './reporter.js';

/** What the report for people needs of what reporters are handed; `send` and `mock` have no more. */
export interface PrettyReported extends Pick<Reported, 'colors' | 'columns' | 'all' | 'textsOf'> {
  readonly report: Pick<ValidationReport, 'summary' | 'findings' | 'omitted' | 'rules'> &
    Partial<Pick<ValidationReport, 'diagnoses'>>;
  readonly warningsFail?: boolean;
}

/** The report for people: what was found, what each rule found, and the verdict. */
export async function* pretty(reported: PrettyReported): AsyncGenerator<string> {
  const { report, colors } = reported;
  if (report.findings.length > 0) {
    const { findingsText } = await import('../pretty/findings.js');
    yield* findingsText(reported);
  }
  if (report.omitted > 0) {
    yield `${colors.dim(`${pluralize(report.omitted, 'more finding')} not listed: --max-findings sets how many are.`)}\n\n`;
  }
  if (report.diagnoses && report.diagnoses.length > 0) {
    const { diagnosesText } = await import('../pretty/diagnoses.js');
    yield* diagnosesText(report.diagnoses, reported);
  }
  if (report.rules.length > 1) {
    const { ruleTable } = await import('../pretty/rule-table.js');
    yield `${ruleTable(reported)}\n\n`;
  }
  const { worst, verdict, checked } = closingOf(report, reported.warningsFail);
  const paint = worst === null ? colors.green : { error: colors.red, warning: colors.yellow }[worst];
  yield `${hanging(`${paint(verdict)}${checked}`, reported.columns)}\n`;
}
