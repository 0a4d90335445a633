import { type Finding, messageOf } from '../../domain/finding.js';
import type { ValidationReport } from '../../validate/validate.js';

/** The report as the JSON that `cli.md` documents. */
export function* reportJson({ summary, findings, omitted }: ValidationReport): Generator<string> {
  yield `{ "version": 1,\n  "summary": ${JSON.stringify(summary)},\n  "findings": [`;
  for (const [i, finding] of findings.entries()) {
    yield `${i === 0 ? '' : ','}\n    ${JSON.stringify(findingJson(finding))}`;
  }
  yield `${findings.length === 0 ? '' : '\n  '}],\n  "omitted": ${omitted} }\n`;
}

/** A finding as scripts see it. */
function findingJson(finding: Finding): object {
  const { place } = finding;
  return {
    rule: finding.rule,
    severity: finding.severity,
    message: messageOf(finding),
    hint: finding.hint,
    file: place.input.name,
    line: place.line,
    column: place.column,
    path: place.pointer,
    request: place.request,
    sessionId: finding.sessionId,
    seqNumber: finding.seqNumber,
    reference: finding.reference,
  };
}
