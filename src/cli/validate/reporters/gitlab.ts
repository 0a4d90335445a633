import { type Diagnosis, type Finding, messageOf, type Severity } from '../../../domain/finding.js';
import { escaped } from '../../../domain/text.js';
import type { Reported } from './reporter.js';
import { Fingerprints } from './sarif.js';

/** GitLab's name of a severity. A finding that does not count is an info. */
const SEVERITIES = { error: 'major', warning: 'minor', info: 'info' } as const satisfies Record<
  Severity,
  string
>;

/** One issue of GitLab's Code Quality report. */
interface Issue {
  readonly description: string;
  readonly check_name: string;
  /** Unique per issue, and stable from run to run. */
  readonly fingerprint: string;
  readonly severity: (typeof SEVERITIES)[Severity];
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/** The report in GitLab's Code Quality format: https://docs.gitlab.com/ci/testing/code_quality/ */
export function* gitlab(reported: Reported): Generator<string> {
  let between = '[';
  for (const issue of issues(reported)) {
    yield `${between}\n  ${escaped(JSON.stringify(issue))}`;
    between = ',';
  }
  yield between === '[' ? '[]\n' : '\n]\n';
}

function* issues(reported: Reported): Generator<Issue> {
  const fingerprints = new Fingerprints();
  const { findings, diagnoses } = reported.report;
  for (const diagnosis of diagnoses) yield ofDiagnosis(diagnosis, reported);
  for (const finding of findings) yield ofFinding(finding, fingerprints, reported);
}

/** A diagnosis is about all inputs. Its place is the start of the first input. */
function ofDiagnosis(its: Diagnosis, { report, pathOf, gated }: Reported): Issue {
  const { diagnosis, severity, title, evidence, mend } = its;
  const [input] = report.inputs;
  return {
    description: `${title}. ${evidence} ${mend}`,
    check_name: diagnosis,
    fingerprint: diagnosis,
    severity: SEVERITIES[gated.counts(diagnosis) ? severity : 'info'],
    location: { path: (input && pathOf(input)) ?? STDIN_PATH, lines: { begin: 1 } },
  };
}

function ofFinding(finding: Finding, fingerprints: Fingerprints, { pathOf, gated }: Reported): Issue {
  const { rule, severity, place, hint } = finding;
  const [fingerprint = ''] = Object.values(fingerprints.of(finding));
  return {
    description: `${messageOf(finding)}. ${hint}`,
    check_name: rule,
    fingerprint,
    severity: SEVERITIES[gated.counts(rule) ? severity : 'info'],
    location: { path: pathOf(place.input) ?? STDIN_PATH, lines: { begin: place.line } },
  };
}

/** The path of standard input, which is in no repository. */
const STDIN_PATH = 'stdin';
