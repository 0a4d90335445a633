import type { Log, Run } from 'sarif';
import { escaped, formatNumber } from '../../../domain/text.js';
import type { Finding, Severity } from '../../../domain/finding.js';
import { Fingerprints } from '../sarif/fingerprints.js';
import { invocationOf, leftOut } from '../sarif/invocation.js';
import { artifactLocation, resultOf } from '../sarif/result.js';
import { DRIVER } from '../sarif/rules.js';
import type { Reported } from './reporter.js';

/** Most results of a run that code scanning takes, and of how many it shows the most severe. */
const MOST_RESULTS = 25_000;
const MOST_SHOWN = 5_000;
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The report as SARIF 2.1.0, as code scanning takes it. */
export async function* sarif(reported: Reported): AsyncGenerator<string> {
  const { report, textsOf, pathOf, tell } = reported;
  const kept = mostSevere(report.findings);
  const omitted = report.omitted + report.findings.length - kept.length;
  if (kept.length < report.findings.length) {
    tell(
      `sarif: the ${formatNumber(kept.length)} most severe findings of ${formatNumber(report.findings.length)}: code scanning takes no more`,
    );
  }
  if (kept.length > MOST_SHOWN) {
    tell(
      `sarif: code scanning shows the ${formatNumber(MOST_SHOWN)} most severe of ${formatNumber(kept.length)} results`,
    );
  }
  const textAt = await textsOf(kept);
  const fingerprints = new Fingerprints();
  const run: Run = {
    tool: { driver: DRIVER },
    invocations: [invocationOf(reported, leftOut(omitted))],
    artifacts: report.inputs.map((input) => ({
      location: artifactLocation(pathOf(input)),
      roles: pathOf(input) === null ? ['analysisTarget', 'standardStream'] : ['analysisTarget'],
    })),
    columnKind: 'utf16CodeUnits',
  };
  const log: Log = { $schema: SCHEMA, version: '2.1.0', runs: [run] };
  const [head = '', tail = ''] = cut(JSON.stringify(log, null, 2));
  yield `${head},\n      "results": [`;
  for (const [i, finding] of kept.entries()) {
    const result = resultOf(finding, pathOf(finding.place.input), textAt(finding.place), fingerprints);
    yield `${i === 0 ? '' : ','}\n        ${escaped(JSON.stringify(result))}`;
  }
  yield `${kept.length === 0 ? '' : '\n      '}]${tail}\n`;
}

/** Cuts the text of a log with one run in two behind the last property of the run. */
function cut(log: string): readonly string[] {
  const at = log.length - '\n    }\n  ]\n}'.length;
  return [log.slice(0, at), log.slice(at)];
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** As many findings as are taken, the most severe ones, in output order. */
function mostSevere(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MOST_RESULTS) return findings;
  const kept = new Set(
    findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity]).slice(0, MOST_RESULTS),
  );
  return findings.filter((finding) => kept.has(finding));
}
