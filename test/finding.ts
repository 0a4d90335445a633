import type { Finding } from '../src/domain/finding.js';

/** A finding that is all there, as a test writes it down. */
export function settledFinding(finding: Omit<Finding, 'input' | 'fromLine' | 'settle'>): Finding {
  const { input, line: fromLine } = finding.place;
  const settled: Finding = { ...finding, input, fromLine, settle: () => settled };
  return settled;
}
