import type { Finding, ReportedFinding } from './domain/finding.js';
import { readJsonValue } from './read/json/json.js';
import { Inspector } from './validate/inspect.js';
import { type Inspected, type Summary, Tally } from './validate/inspected.js';
import { INSPECT_DEFAULTS, type InspectOptions } from './validate/options.js';
import { compareFindings, reported } from './validate/validate.js';

/** The settings of the rules. All have defaults except `now`, the current time in unix seconds. */
export type CheckOptions = Partial<InspectOptions> & Pick<InspectOptions, 'now'>;

/** The result of a check. */
export interface Checked {
  /** In the order in which `validate` lists them. */
  readonly findings: readonly ReportedFinding[];
  readonly summary: Summary;
}

/** Checks a request body, or an array of request bodies or of events. The value can also be JSON text. */
export function check(value: unknown, options: CheckOptions): Checked {
  const inspector = new Inspector({ ...INSPECT_DEFAULTS, ...options });
  const tally = new Tally();
  const input = { index: 0, name: '<value>' };
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const records = readJsonValue(text, input, { line: 1, column: 1 });
  const findings: Finding[] = [];
  const take = (inspected: Inspected): void => {
    tally.add(inspected);
    if (inspected.kind === 'finding') findings.push(inspected.finding.settle());
  };
  for (const inspected of inspector.takeAll(records)) take(inspected);
  for (const inspected of inspector.end()) take(inspected);
  inspector.close();
  return { findings: findings.toSorted(compareFindings).map(reported), summary: tally.summary() };
}
