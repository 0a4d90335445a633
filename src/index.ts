/**
 * omny-consume as a library: the functions behind the command line. They use neither the process nor the console, and
 * take the current time as `now`. Only `startMockEndpoint` reads the clock, unless you pass one.
 */
export { BEHAVIOUR_IDS, type BehaviourId, type Observation } from './certify/define.js';
export type { Sheet, SheetLine, Verdict } from './certify/sheet.js';
export { type Checked, type CheckOptions, check } from './check.js';
export { DIAGNOSES } from './diagnoses/diagnoses.js';
export type { Clock } from './domain/clock.js';
export { UserError } from './domain/errors.js';
export { EVENT_FLAG, EventBatch } from './domain/event-batch.js';
export {
  DIAGNOSIS_IDS,
  type Diagnosis,
  type DiagnosisId,
  type Finding,
  messageOf,
  type ReportedFinding,
  RULE_IDS,
  type RuleId,
  type Severity,
} from './domain/finding.js';
export type { Place } from './domain/place.js';
export type { InputRecord } from './domain/record.js';
export { Session } from './domain/session.js';
export type { AnsweredRequest, ForwardSettings, MockOptions } from './mock/options.js';
export type { MockInterval, MockRequest, MockSession, MockSummary } from './mock/page-data.js';
export {
  type MockEndpoint,
  type MockRecords,
  type MockSheet,
  type MockTotal,
  startMockEndpoint,
} from './mock/start.js';
export { type ReadOptions, readInputs } from './read/read.js';
export type { InputSource } from './read/source.js';
export type { ClipFigures, Completion, Graph, Reached, Report, ReportTotals } from './report/output.js';
export { REPORT_DEFAULTS, type ReportOptions, report } from './report/report.js';
export { RULES } from './rules/index.js';
export { type SendOptions, type Sent, send } from './send/deliver.js';
export type { Delivery } from './send/delivery.js';
export { type Prepared, prepare } from './send/prepare.js';
export type { PreparedSessions } from './send/session-classifier.js';
export { type MemoryBudget, memoryBudget } from './sessions/memory.js';
export { type SimulatedSession, type SimulateOptions, simulate, toSessions } from './simulate/simulate.js';
export { inspect } from './validate/inspect.js';
export type { Inspected, Summary } from './validate/inspected.js';
export { INSPECT_DEFAULTS, type InspectOptions } from './validate/options.js';
export type { RuleTotal } from './validate/rule-totals.js';
export {
  type ValidateOptions,
  type ValidationReport,
  validate,
} from './validate/validate.js';
export type { EncodedSession } from './write/encoded-session.js';
export type { OutputFormat } from './write/output-formats.js';
export { type Writable, type WriteOptions, write } from './write/write.js';
