import { readInputs } from '../../src/read/read.js';
import { type ReportOptions, report } from '../../src/report/report.js';
import { type SimulateOptions, simulate } from '../../src/simulate/simulate.js';
import { eventValue } from '../../src/write/events.js';

/** The figures of simulated sessions. */
export function simulatedReport(simulated: Partial<SimulateOptions>, options: Partial<ReportOptions> = {}) {
  const bytes = (async function* () {
    for (const { events } of simulate({ seed: 3, ...simulated })) {
      yield Buffer.from(events.map((event) => `${JSON.stringify(eventValue(event, 'Custom'))}\n`).join(''));
    }
  })();
  return report(readInputs([{ name: 'simulated.ndjson', bytes }]), { now: 1767225600, ...options });
}
