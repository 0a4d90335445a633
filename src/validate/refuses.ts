import type { RuleId } from '../domain/finding.js';
import { RULES } from '../rules/index.js';

/** Whether a finding of the rule, where its severity is error, is a reason not to send what it is about. */
export function refuses(id: RuleId): boolean {
  const rule = RULES[id];
  return rule.level !== 'request' || rule.ofTransport !== true;
}
