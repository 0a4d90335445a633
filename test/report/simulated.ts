import { readInputs } from '../../src/read/read.js';
import { type ReportOptions, report } from '../../src/report/report.js';
import { wireOf } from '../../src/simulate/listener.js';
import { type SimulateOptions, simulate } from '../../src/simulate/simulate.js';

/** The figures of simulated sessions. */
export function simulatedReport(simulated: Partial<SimulateOptions>, options: Partial<ReportOptions> = {}) {
  const bytes = (async function* () {
    for (const { events } of simulate({ seed: 3, ...simulated })) {
      yield Buffer.from(
        events.map(({ played }) => `${JSON.stringify({ ...wireOf(played!), Source: 'Custom' })}\n`).join(''),
      );
    }
  })();
  return report(readInputs([{ name: 'simulated.ndjson', bytes }]), { now: 1767225600, ...options });
}
