import { escaped } from '../../../domain/text.js';
import type { Gated, Tolerance } from '../../../validate/gates.js';
import { totalsOf } from '../../../validate/rule-totals.js';
import { reported, type ValidationReport } from '../../../validate/validate.js';
import type { Reported, Reporter, ReportFormat } from './reporter.js';

/** The formats of a validation report. Large reporters are loaded when they are used. */
export const REPORTERS: Readonly<Record<ReportFormat, () => Promise<Reporter>>> = {
  pretty: async () => (await import('./pretty.js')).pretty,
  json: async () => json,
  ndjson: async () => ndjson,
  junit: async () => (await import('./junit.js')).junit,
  sarif: async () => (await import('./sarif.js')).sarif,
  github: async () => (await import('./github.js')).github,
  gitlab: async () => (await import('./gitlab.js')).gitlab,
  markdown: async () => (await import('./github.js')).markdown,
};

/** The report as the JSON that `docs/outputs.md` documents. */
function* json({ report, gated }: Reported): Generator<string> {
  const { summary, findings, diagnoses, omitted } = report;
  yield `{ "version": 1,\n  "summary": ${JSON.stringify(summary)},\n  "findings": [`;
  for (const [i, finding] of findings.entries()) {
    yield `${i === 0 ? '' : ','}\n    ${escaped(JSON.stringify(reported(finding)))}`;
  }
  yield `${findings.length === 0 ? '' : '\n  '}],\n  "diagnoses": [`;
  for (const [i, diagnosis] of diagnoses.entries())
    yield `${i === 0 ? '' : ','}\n    ${JSON.stringify(diagnosis)}`;
  yield `${diagnoses.length === 0 ? '' : '\n  '}],\n${gatesJson(gated)}  "omitted": ${omitted} }\n`;
}

/** How the findings compare to `--allow` and `--baseline`; empty when neither applies. */
function gatesJson({ tolerances }: Gated): string {
  if (tolerances.length === 0) return '';
  const lines = tolerances.map((its) => `    ${JSON.stringify(gateJson(its))}`);
  return `  "gates": [\n${lines.join(',\n')}\n  ],\n`;
}

function gateJson({ id, severity, sessions, of, limit, before, counts }: Tolerance): object {
  return { id, severity, sessions, of, limit, baseline: before, counts };
}

/** One finding or diagnosis per line, with its `kind`, and the summary as the last line. */
function* ndjson({ report, gated }: Reported): Generator<string> {
  const { summary, findings, diagnoses, omitted } = report;
  for (const finding of findings) yield line({ kind: 'finding', ...reported(finding) });
  for (const diagnosis of diagnoses) yield line({ kind: 'diagnosis', ...diagnosis });
  for (const its of gated.tolerances) yield line({ kind: 'gate', ...gateJson(its) });
  yield line({ kind: 'summary', version: 1, ...summary, omitted });
}

function line(value: object): string {
  return `${escaped(JSON.stringify(value))}\n`;
}

/** Prints the findings of another command as `validate` does, but without lines of the input. */
export async function* findingsReport(
  found: Pick<ValidationReport, 'summary' | 'findings' | 'omitted'> &
    Partial<Pick<ValidationReport, 'diagnoses'>>,
  look: Pick<Reported, 'colors' | 'columns' | 'all'> & Partial<Pick<Reported, 'gated'>>,
): AsyncGenerator<string> {
  const { pretty } = await import('./pretty.js');
  const rules = found.omitted === 0 ? totalsOf(found.findings) : [];
  yield* pretty({ report: { ...found, rules }, ...look, textsOf: async () => () => undefined });
}
