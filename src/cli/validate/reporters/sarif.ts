import { createHash } from 'node:crypto';
import type {
  ArtifactLocation,
  ConfigurationOverride,
  Invocation,
  Log,
  LogicalLocation,
  Notification,
  Region,
  ReportingConfiguration,
  ReportingDescriptor,
  Result,
  Run,
  ToolComponent,
} from 'sarif';
import { DIAGNOSES } from '../../../diagnoses/diagnoses.js';
import { VERSION } from '../../../domain/errors.js';
import {
  DIAGNOSIS_IDS,
  type Diagnosis,
  type DiagnosisId,
  type Finding,
  messageOf,
  RULE_IDS,
  type RuleId,
  type Severity,
} from '../../../domain/finding.js';
import { guidKey } from '../../../domain/guid.js';
import { escaped, formatNumber, pluralize } from '../../../domain/text.js';
import type { LineExcerpt } from '../../../read/line-excerpts.js';
import { recorderLines } from '../../../recorder/source.js';
import { RULES } from '../../../rules/index.js';
import type { Gated } from '../../../validate/gates.js';
import type { SeverityInForce } from '../../../validate/options.js';
import { pointsOf } from '../../../wire/contract.js';
import { tokenLength } from '../snippet.js';
import type { Reported } from './reporter.js';

/** The limits of code scanning: results per run, and how many of the most severe it shows. */
const MAX_RESULTS = 25_000;
const MAX_SHOWN_RESULTS = 5_000;
const SCHEMA_URL =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** The report as SARIF 2.1.0, within the limits of code scanning. */
export async function* sarif(reported: Reported): AsyncGenerator<string> {
  const { report, textsOf, pathOf, note, gated } = reported;
  const kept = mostSevere(report.findings);
  const omitted = report.omitted + report.findings.length - kept.length;
  if (kept.length < report.findings.length) {
    note(
      `sarif: holds only the ${formatNumber(kept.length)} most severe of ${formatNumber(report.findings.length)} findings: code scanning accepts no more`,
    );
  }
  if (kept.length > MAX_SHOWN_RESULTS) {
    note(
      `sarif: code scanning shows the ${formatNumber(MAX_SHOWN_RESULTS)} most severe of ${formatNumber(kept.length)} results`,
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
  const log: Log = { $schema: SCHEMA_URL, version: '2.1.0', runs: [run] };
  const [head = '', tail = ''] = cut(JSON.stringify(log, null, 2));
  yield `${head},\n      "results": [`;
  for (const [i, finding] of kept.entries()) {
    const result = resultOf(finding, pathOf(finding.place.input), textAt(finding.place), fingerprints);
    yield `${i === 0 ? '' : ','}\n        ${escaped(JSON.stringify(accepted(result, gated)))}`;
  }
  const [input] = report.inputs;
  for (const [i, diagnosis] of report.diagnoses.entries()) {
    const result = diagnosisResult(diagnosis, input === undefined ? null : pathOf(input));
    yield `${kept.length + i === 0 ? '' : ','}\n        ${escaped(JSON.stringify(accepted(result, gated)))}`;
  }
  yield `${kept.length + report.diagnoses.length === 0 ? '' : '\n      '}]${tail}\n`;
}

/** Adds the reason to a result that does not count. */
function accepted(result: Result, gated: Gated): Result {
  const id = result.ruleId as RuleId | DiagnosisId;
  if (gated.counts(id)) return result;
  return {
    ...result,
    suppressions: [{ kind: 'external', justification: 'accepted by --allow or --baseline' }],
  };
}

/** Splits the text of a log with one run, so that the results fit in after the last property of the run. */
function cut(log: string): readonly string[] {
  const at = log.length - '\n    }\n  ]\n}'.length;
  return [log.slice(0, at), log.slice(at)];
}

const SEVERITY_RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** The most severe findings that fit, in output order. */
function mostSevere(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= MAX_RESULTS) return findings;
  const kept = new Set(
    findings.toSorted((a, b) => SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity]).slice(0, MAX_RESULTS),
  );
  return findings.filter((finding) => kept.has(finding));
}

/** The names of severities in SARIF. */
export const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<
  Severity,
  ReportingConfiguration.level
>;

/** The names of severities in code scanning. */
const PROBLEM_SEVERITIES = { error: 'error', warning: 'warning', info: 'recommendation' } as const;

/** The index of a rule or diagnosis in the driver's list. */
export const RULE_INDEX: ReadonlyMap<RuleId | DiagnosisId, number> = new Map(
  [...RULE_IDS, ...DIAGNOSIS_IDS].map((id, i) => [id, i]),
);

/** The program and its rules. */
export const DRIVER: ToolComponent = {
  name: 'omny-consume',
  version: VERSION,
  semanticVersion: VERSION,
  rules: [...RULE_IDS.map(descriptorOf), ...DIAGNOSIS_IDS.map(diagnosisDescriptorOf)],
};

function descriptorOf(id: RuleId): ReportingDescriptor {
  const { title, why, mend, severity, level } = RULES[id];
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\nHow to fix the player: ${mend}`, markdown: markdownOf(id) },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      precision: 'very-high',
      'problem.severity': PROBLEM_SEVERITIES[severity],
      tags: ['listening-data', level],
    },
  };
}

function diagnosisDescriptorOf(id: DiagnosisId): ReportingDescriptor {
  const { title, sees, threshold, mend, severity } = DIAGNOSES[id];
  const evidence = `Evidence in a session: ${sees}. Reported when: ${threshold}.`;
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: evidence },
    help: {
      text: `${evidence}\n\nHow to fix the player: ${mend}`,
      markdown: `**Evidence in a session:** ${sees}.\n\n**Reported when:** ${threshold}.\n\n**How to fix the player:** ${mend}`,
    },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      precision: 'high',
      'problem.severity': PROBLEM_SEVERITIES[severity],
      tags: ['listening-data', 'diagnosis'],
    },
  };
}

/** A diagnosis is about all inputs. Its place is the start of the first input. */
function diagnosisResult(diagnosis: Diagnosis, path: string | null): Result {
  const { diagnosis: id, severity, title, evidence, mend, sessions, of, rules, examples } = diagnosis;
  return {
    ruleId: id,
    ruleIndex: RULE_INDEX.get(id)!,
    level: LEVELS[severity],
    message: { text: escaped(`${title}. ${evidence} ${mend}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifactLocation(path),
          region: { startLine: 1, startColumn: 1 },
        },
      },
    ],
    partialFingerprints: { [FINGERPRINT_NAME]: `${id}:1` },
    properties: { sessions, of, rules, examples },
  };
}

function markdownOf(id: RuleId): string {
  const { why, mend, reference } = RULES[id];
  const { firesWhen, inferred, cites } = RULES[id].guide();
  const code = recorderLines(cites);
  const points = pointsOf(reference).map((point) =>
    point.documented ? `- ${point.id}: “${point.text}”` : `- ${point.id}, observed: ${point.text}`,
  );
  if (inferred !== null) points.push(`- Not in the API document: ${inferred}`);
  const parts = [
    `**Reported when:** ${firesWhen}.`,
    why,
    `**How to fix the player:** ${mend}`,
    ...(code === null ? [] : [`\`\`\`js\n${code}\n\`\`\``]),
    ...(points.length === 0 ? [] : [`**Based on**\n\n${points.join('\n')}`]),
  ];
  return parts.join('\n\n');
}

/** How the run ended, and the severities that the user set. */
export function invocationOf(
  { exitCode, severityOf, diagnosisSeverityOf }: Reported,
  notifications: readonly Notification[],
): Invocation {
  const override = (
    id: RuleId | DiagnosisId,
    severity: SeverityInForce,
    own: Severity,
  ): ConfigurationOverride[] => {
    if (severity === own) return [];
    return [
      {
        descriptor: { id, index: RULE_INDEX.get(id)! },
        configuration: severity === 'off' ? { enabled: false } : { level: LEVELS[severity] },
      },
    ];
  };
  const overrides = [
    ...RULE_IDS.flatMap((id) => override(id, severityOf(id), RULES[id].severity)),
    ...DIAGNOSIS_IDS.flatMap((id) => override(id, diagnosisSeverityOf(id), DIAGNOSES[id].severity)),
  ];
  return {
    executionSuccessful: true,
    exitCode,
    ...(overrides.length > 0 && { ruleConfigurationOverrides: overrides }),
    ...(notifications.length > 0 && { toolExecutionNotifications: [...notifications] }),
  };
}

/** Reports how many findings are not in the results. */
export function leftOut(findings: number): readonly Notification[] {
  if (findings === 0) return [];
  return [
    { level: 'warning', message: { text: `${pluralize(findings, 'more finding')} left out of the results` } },
  ];
}

/** The location of an input in SARIF. @param path The path in its repository; null for standard input. */
export function artifactLocation(path: string | null): ArtifactLocation {
  if (path === null) return { uri: 'stdin', description: { text: 'standard input' } };
  const uri = path
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  if (path.startsWith('/')) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${path[0]}:${uri.slice(uri.indexOf('/'))}` };
  return { uri, uriBaseId: '%SRCROOT%' };
}

/** One finding, with its text if it could be read again. */
export function resultOf(
  finding: Finding,
  path: string | null,
  text: LineExcerpt | undefined,
  fingerprints: Fingerprints,
): Result {
  const { rule, severity, place, sessionId, seqNumber, reference, hint } = finding;
  const { pointer } = place;
  return {
    ruleId: rule,
    ruleIndex: RULE_INDEX.get(rule)!,
    level: LEVELS[severity],
    message: { text: escaped(`${messageOf(finding)}. ${hint}`) },
    locations: [
      {
        physicalLocation: { artifactLocation: artifactLocation(path), region: regionOf(finding, text) },
        ...(pointer && { logicalLocations: [logicalLocation(pointer)] }),
      },
    ],
    partialFingerprints: fingerprints.of(finding),
    properties: { sessionId, seqNumber, request: place.request, entry: place.entry ?? null, reference },
  };
}

function regionOf({ place: { line, column, pointer } }: Finding, text: LineExcerpt | undefined): Region {
  const length = text && pointer !== null ? tokenLength(text) : 1;
  const snippet = length > 1 ? text?.text.slice(text.at, text.at + length) : undefined;
  return {
    startLine: line,
    startColumn: column,
    endLine: line,
    endColumn: column + length,
    ...(snippet !== undefined && { snippet: { text: snippet } }),
  };
}

function logicalLocation(pointer: string): LogicalLocation {
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  return { name, fullyQualifiedName: pointer, kind: /^\d+$/.test(name) ? 'element' : 'property' };
}

/**
 * The name of our fingerprints. The common name `primaryLocationLineHash` does not fit: GitHub's upload action computes
 * that value from the file and warns about any other value.
 */
const FINGERPRINT_NAME = 'omnyConsumeFinding/v1';

/**
 * Identifies findings from run to run by their content, not by their line, which moves when other lines are added or
 * removed.
 */
export class Fingerprints {
  readonly #seen = new Map<string, number>();

  of({ rule, sessionId, seqNumber, place }: Finding): Record<string, string> {
    const property = place.pointer?.split('/').findLast((segment) => !/^\d*$/.test(segment)) ?? '';
    const about = JSON.stringify([rule, sessionId && guidKey(sessionId), seqNumber, property]);
    const hash = createHash('sha256').update(about).digest('hex').slice(0, 16);
    const before = this.#seen.get(hash) ?? 0;
    this.#seen.set(hash, before + 1);
    return { [FINGERPRINT_NAME]: `${hash}:${before + 1}` };
  }
}
