import type { Cause } from '../../src/domain/cause.js';
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
  options: Partial<ValidateOptions> & { readonly plain?: boolean } = {},
): Promise<ValidationReport> {
  const bytes = async function* () {
    yield Buffer.from(lines.join('\n'));
  };
  const { plain = true, ...rest } = options;
  const records = readInputs([{ name: 'x.ndjson', bytes: bytes() }], plain ? { plainUntil: NOW } : {});
  return validate(records, { now: NOW, ...rest });
}

/** The causes that are named. */
export async function causesOf(plays: readonly Play[], form: Form = 'events'): Promise<readonly Cause[]> {
  return (await reportOn(linesOf(plays, form))).causes;
}
