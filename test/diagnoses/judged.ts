import type { Diagnosis } from '../../src/domain/finding.js';
import { readInputs } from '../../src/read/read.js';
import { type ValidateOptions, type ValidationReport, validate } from '../../src/validate/validate.js';
import type { Play } from './player-bugs.js';

const NOW = 1_800_000_000;

/** How the sessions come: an event a line, or a request body a line. */
export type Form = 'events' | 'bodies';

export function linesOf(plays: readonly Play[], form: Form = 'events'): readonly string[] {
  if (form === 'events') return plays.flat().map((event) => JSON.stringify(event));
  return plays.map((play) => JSON.stringify({ Source: 'CustomWeb', Events: play, Completed: true }));
}

/** The verdict on lines of NDJSON, as the command reads them. */
export function reportOn(
  lines: readonly string[],
  options: Partial<ValidateOptions> = {},
): Promise<ValidationReport> {
  const bytes = async function* () {
    yield Buffer.from(lines.join('\n'));
  };
  return validate(readInputs([{ name: 'x.ndjson', bytes: bytes() }]), { now: NOW, ...options });
}

/** The diagnoses that are made. */
export async function diagnosesOf(
  plays: readonly Play[],
  form: Form = 'events',
): Promise<readonly Diagnosis[]> {
  return (await reportOn(linesOf(plays, form))).diagnoses;
}
