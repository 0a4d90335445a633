export type { Finding, RuleId, Severity } from './domain/finding.js';
export { validate } from './validate/validate.js';
