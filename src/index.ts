export type { Finding, RuleId, Severity } from './domain/finding.js';
export type { MockEndpoint, MockLedger } from './mock/mock-endpoint.js';
export type { ForwardSettings, MockOptions, ToldRequest } from './mock/options.js';
export type { MockRequest, MockSession, MockSummary } from './mock/page-data.js';
export { startMockEndpoint } from './mock/start.js';
export type { ReportedFinding } from './validate/reported-finding.js';
export { validate } from './validate/validate.js';
