import { DIAGNOSES } from '../../../diagnoses/diagnoses.js';
import {
  DIAGNOSIS_IDS,
  type Diagnosis,
  type Finding,
  messageOf,
  RULE_IDS,
  type RuleId,
} from '../../../domain/finding.js';
import { type Input, requestWords } from '../../../domain/place.js';
import { escaped, pluralize } from '../../../domain/text.js';
import { RULES } from '../../../rules/index.js';
import type { SeverityInForce } from '../../../validate/options.js';
import type { Reported } from './reporter.js';

/** How many findings of one rule a file's test case lists. */
const MAX_FINDINGS_PER_CASE = 100;

/**
 * The report as JUnit XML: one suite per input with one test case per active rule, and one suite for the diagnoses.
 * So a case keeps its name from run to run. What causes exit code 1 is a failure. Other findings are in the
 * `system-out` of a passing case.
 */
export function* junit(reported: Reported): Generator<string> {
  const { report, severityOf } = reported;
  const named = names(report.inputs);
  const listed = byInputAndRule(report.findings);
  const suites = report.inputs.map((input) => ({
    name: named.get(input)!,
    cases: RULE_IDS.filter((rule) => severityOf(rule, input) !== 'off').map((rule) => ({
      rule,
      severity: severityOf(rule, input),
      total: report.rules.find((total) => total.rule === rule)?.byInput.get(input.index) ?? 0,
      findings: listed.get(`${input.index} ${rule}`) ?? [],
    })),
  }));
  yield* testSuites([
    ...suites.map(({ name, cases }) => ({
      name,
      tests: cases.length,
      failures: cases.filter((its) => fails(its, reported)).length,
      cases: () => cases.map((its) => caseXml(its, name, reported)),
    })),
    diagnosesSuite(reported),
  ]);
}

/** The diagnoses of all inputs, one test case each. */
function diagnosesSuite({ report, diagnosisSeverityOf, warningsFail, gated }: Reported): TestSuite {
  const found = new Map(report.diagnoses.map((diagnosis) => [diagnosis.diagnosis, diagnosis]));
  const ids = DIAGNOSIS_IDS.filter((id) => diagnosisSeverityOf(id) !== 'off');
  const failing = ({ diagnosis, severity }: Diagnosis): boolean =>
    gated.counts(diagnosis) && (severity === 'error' || (severity === 'warning' && warningsFail !== null));
  return {
    name: 'diagnoses',
    tests: ids.length,
    failures: report.diagnoses.filter(failing).length,
    cases: () =>
      ids.map((id) => {
        const attributes = { classname: 'diagnoses', name: `${id}: ${DIAGNOSES[id].title}`, time: '0' };
        const diagnosis = found.get(id);
        if (!diagnosis) return element('testcase', attributes);
        const { severity, title, evidence, mend, examples } = diagnosis;
        const text = [evidence, ...examples.map((session) => `session ${session}`), `fix: ${mend}`];
        return failing(diagnosis)
          ? element('testcase', attributes, element('failure', { message: title, type: severity }, text))
          : element('testcase', attributes, element('system-out', {}, text));
      }),
  };
}

interface Case {
  readonly rule: RuleId;
  /** The effective severity for the input. */
  readonly severity: SeverityInForce;
  /** The number of findings, including those that are not listed. */
  readonly total: number;
  readonly findings: readonly Finding[];
}

function fails({ rule, severity, total }: Case, { warningsFail, gated }: Reported): boolean {
  if (total === 0 || !gated.counts(rule)) return false;
  return severity === 'error' || (severity === 'warning' && warningsFail !== null);
}

function caseXml(its: Case, suite: string, reported: Reported): string {
  const { rule, severity, total, findings } = its;
  const attributes = { classname: suite, name: `${rule}: ${RULES[rule].title}`, time: '0' };
  if (total === 0) return element('testcase', attributes);
  const text = caseText(its);
  if (!fails(its, reported)) return element('testcase', attributes, element('system-out', {}, text));
  const [first] = findings;
  const what = first ? `: ${messageOf(first)}` : '';
  const message = `${pluralize(total, 'finding')}${what}`;
  return element('testcase', attributes, element('failure', { message, type: severity }, text));
}

function caseText({ rule, total, findings }: Case): readonly string[] {
  const listed = findings.slice(0, MAX_FINDINGS_PER_CASE);
  const lines = listed.map((finding) => {
    const { place, sessionId, seqNumber } = finding;
    const about = [
      ...requestWords(place),
      sessionId && `session ${sessionId}`,
      seqNumber !== null && `SeqNumber ${seqNumber}`,
    ];
    const where = [`${place.input.name}:${place.line}:${place.column}`, ...about.filter(Boolean)].join(', ');
    return `${where}: ${messageOf(finding)}`;
  });
  const hints = [...new Set(listed.map(({ hint }) => hint))];
  const more = total - listed.length;
  if (more > 0)
    lines.push(`and ${pluralize(more, 'more finding')}${listed.length === 0 ? ', not listed' : ''}`);
  return [...lines, ...hints.map((hint) => `hint: ${hint}`), `why: ${RULES[rule].why}`];
}

/** The names of the inputs. A second input of the same name gets a suffix: readers merge cases with the same name. */
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

const INDENT = '  ';
const XML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** A suite of test cases. */
export interface TestSuite {
  readonly name: string;
  readonly tests: number;
  readonly failures: number;
  readonly skipped?: number;
  /** The XML of its cases, created when it is written. */
  readonly cases: () => readonly string[];
}

/** A JUnit XML document, suite by suite. */
export function* testSuites(suites: readonly TestSuite[], name = 'omny-consume validate'): Generator<string> {
  const sum = (of: (suite: TestSuite) => number): number => suites.reduce((all, suite) => all + of(suite), 0);
  const totals = { tests: sum(({ tests }) => tests), failures: sum(({ failures }) => failures) };
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name, ...counts(totals) })}>\n`;
  for (const { name, tests, failures, skipped = 0, cases } of suites) {
    yield `${INDENT}<testsuite${attributes({ name, ...counts({ tests, failures }), skipped: String(skipped) })}>\n`;
    for (const xml of cases()) yield indented(indented(xml));
    yield `${INDENT}</testsuite>\n`;
  }
  yield '</testsuites>\n';
}

function counts({ tests, failures }: Pick<TestSuite, 'tests' | 'failures'>): Record<string, string> {
  return { tests: String(tests), failures: String(failures), errors: '0', time: '0' };
}

/** An element on its own lines, around another element or lines of text. */
export function element(
  name: string,
  its: Readonly<Record<string, string>>,
  content?: string | readonly string[],
): string {
  const opening = `<${name}${attributes(its)}`;
  if (content === undefined) return `${opening}/>\n`;
  if (typeof content === 'string') {
    return `${opening}>\n${indented(content)}</${name}>\n`;
  }
  return `${opening}>${content.map(xmlText).join('\n')}</${name}>\n`;
}

/** Indents XML. Lines of text do not start with `<` and stay unchanged. */
function indented(xml: string): string {
  return xml.replaceAll(/^(?= *<)/gm, INDENT);
}

function attributes(its: Readonly<Record<string, string>>): string {
  return Object.entries(its)
    .map(([name, value]) => ` ${name}="${xmlText(value)}"`)
    .join('');
}

/** One line of text for XML. What XML cannot hold, and terminal control characters, are escaped. */
export function xmlText(text: string): string {
  return escaped(text)
    .replaceAll(/[\p{Surrogate}\ufffe\uffff]/gu, (char) => `\\u${char.charCodeAt(0).toString(16)}`)
    .replaceAll(/[&<>"]/g, (char) => XML_ENTITIES[char]!);
}
