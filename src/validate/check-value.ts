import { readJsonValue } from '../read/json-value.js';
import { Inspector } from './inspect.js';
import { INSPECT_DEFAULTS, type InspectOptions } from './options.js';
import { compareFindings } from './order.js';
import { type ReportedFinding, reported } from './reported-finding.js';
import { Tally } from './tally.js';

/** Settings of a check; all have defaults. */
export type ConsumptionCheck = Partial<InspectOptions>;

/**
 * Checks a value that is at hand: a request body or its JSON text, or an array of bodies or of events.
 * @param options `now`, in unix seconds, is needed.
 */
export function checkConsumption(
  value: unknown,
  options: ConsumptionCheck & Pick<InspectOptions, 'now'>,
): { readonly findings: readonly ReportedFinding[]; readonly sessions: number } {
  const inspector = new Inspector({ ...INSPECT_DEFAULTS, ...options });
  const tally = new Tally();
  const input = { index: 0, name: '<value>' };
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const inspected = readJsonValue(text, input, { line: 1, column: 1 }).flatMap((record) =>
    inspector.take(record),
  );
  inspected.push(...inspector.end());
  for (const each of inspected) tally.add(each);
  const findings = inspected.flatMap((each) => (each.kind === 'finding' ? [each.finding] : []));
  return { findings: findings.toSorted(compareFindings).map(reported), sessions: tally.summary().sessions };
}
