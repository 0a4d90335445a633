import { pluralize } from '../../domain/text.js';
import type { Prepared } from '../../send/prepare.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../terminal.js';
import { findingsReport } from '../validate/reporters/index.js';
import type { SendFlags } from './flags.js';

/** Tells, on standard error, why an input is not sent. */
export async function tellInvalid(
  { errors, errorsOmitted, summary, invalidSessions }: Prepared,
  flags: SendFlags,
  cli: Cli,
): Promise<void> {
  const colors = colorsFor(cli.stderr, flags.color, cli.env);
  const look = { colors, columns: cli.stderr.columns ?? null, all: flags.verbose === true };
  const found = { findings: errors, omitted: errorsOmitted, summary };
  for await (const text of findingsReport(found, look)) cli.stderr.write(text);
  cli.stderr.write(
    `error: nothing was sent: ${pluralize(errors.length + errorsOmitted, 'error')} in the input, ${pluralize(invalidSessions, 'invalid session')}. Mend it, or --skip-invalid sends the rest.\n`,
  );
}
