import { pluralize } from '../../../domain/text.js';
import { type Finding, messageOf, RULE_IDS, type RuleId } from '../../../domain/finding.js';
import type { Input } from '../../../domain/place.js';
import { RULES } from '../../../rules/index.js';
import { element, testSuites } from '../junit/xml.js';
import type { Reported } from './reporter.js';

/** How many findings of one rule are told in one file's test case. */
const TOLD = 100;

/**
 * The report as JUnit XML: a suite an input, a test case a rule in force, so that a case keeps its name from run to run. What makes the
 * exit code 1 is a failure; what does not stands in the `system-out` of a case that passes.
 */
export function* junit(reported: Reported): Generator<string> {
  const { report, severityOf } = reported;
  const rules = RULE_IDS.filter((rule) => severityOf(rule) !== 'off');
  const named = names(report.inputs);
  const listed = byInputAndRule(report.findings);
  const suites = report.inputs.map((input) => ({
    name: named.get(input)!,
    cases: rules.map((rule) => ({
      rule,
      total: report.rules.find((total) => total.rule === rule)?.byInput.get(input.index) ?? 0,
      findings: listed.get(`${input.index} ${rule}`) ?? [],
    })),
  }));
  yield* testSuites(
    suites.map(({ name, cases }) => ({
      name,
      tests: cases.length,
      failures: cases.filter((its) => fails(its, reported)).length,
      cases: () => cases.map((its) => caseXml(its, name, reported)),
    })),
  );
}

interface Case {
  readonly rule: RuleId;
  /** How many findings there are, also those that are not listed. */
  readonly total: number;
  readonly findings: readonly Finding[];
}

function fails({ rule, total }: Case, { severityOf, warningsFail }: Reported): boolean {
  const severity = severityOf(rule);
  return total > 0 && (severity === 'error' || (severity === 'warning' && warningsFail));
}

function caseXml(its: Case, suite: string, reported: Reported): string {
  const { rule, total, findings } = its;
  const attributes = { classname: suite, name: `${rule}: ${RULES[rule].title}`, time: '0' };
  if (total === 0) return element('testcase', attributes);
  const text = caseText(its);
  if (!fails(its, reported)) return element('testcase', attributes, element('system-out', {}, text));
  const [first] = findings;
  const what = first ? `: ${messageOf(first)}` : '';
  const message = `${pluralize(total, 'finding')}${what}`;
  const type = reported.severityOf(rule);
  return element('testcase', attributes, element('failure', { message, type }, text));
}

function caseText({ rule, total, findings }: Case): readonly string[] {
  const told = findings.slice(0, TOLD);
  const lines = told.map((finding) => {
    const { place, sessionId, seqNumber } = finding;
    const about = [sessionId && `session ${sessionId}`, seqNumber !== null && `SeqNumber ${seqNumber}`];
    const where = [`${place.input.name}:${place.line}:${place.column}`, ...about.filter(Boolean)].join(', ');
    return `${where}: ${messageOf(finding)}`;
  });
  const hints = [...new Set(told.map(({ hint }) => hint))];
  const more = total - told.length;
  if (more > 0) lines.push(`and ${pluralize(more, 'more finding')}${told.length === 0 ? ', not listed' : ''}`);
  return [...lines, ...hints.map((hint) => `hint: ${hint}`), `why: ${RULES[rule].why}`];
}

/** The inputs' names; one that is read twice is told apart, since a reader takes cases of one name for one. */
function names(inputs: readonly Input[]): ReadonlyMap<Input, string> {
  const seen = new Map<string, number>();
  return new Map(
    inputs.map((input) => {
      const before = seen.get(input.name) ?? 0;
      seen.set(input.name, before + 1);
      return [input, before === 0 ? input.name : `${input.name} (${before + 1})`];
    }),
  );
}

function byInputAndRule(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const listed = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.place.input.index} ${finding.rule}`;
    const its = listed.get(key);
    if (its) its.push(finding);
    else listed.set(key, [finding]);
  }
  return listed;
}
