import { type Finding, messageOf, type RuleId, type Severity } from '../domain/finding.js';

/** A finding as scripts, the mock's control API and its page see it: the form that `validate --format json` documents. */
export interface ReportedFinding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** What was wanted and what was seen, as one sentence. */
  readonly message: string;
  /** What usually causes it and how to mend the player. */
  readonly hint: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** JSON pointer; null where there is none. */
  readonly path: string | null;
  /** From 0; null where the input has no requests. */
  readonly request: number | null;
  readonly sessionId: string | null;
  readonly seqNumber: number | null;
  /** The point of the API document that it rests on: `API-4`. */
  readonly reference: string | null;
}

/** The finding as it is reported. */
export function reported(finding: Finding): ReportedFinding {
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
