import type { Prepared } from '../../send/prepare.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { reportPretty } from '../validate/report-pretty.js';
import { count } from '../words.js';
import type { SendFlags } from './command.js';

/** Tells, on standard error, why an input is not sent. */
export function tellInvalid(
  { errors, errorsOmitted, summary, invalidSessions }: Prepared,
  flags: SendFlags,
  cli: Cli,
): void {
  const colors = colorsFor(cli.stderr, flags.color, cli.env);
  const report = { findings: errors, causes: [], omitted: errorsOmitted, summary };
  for (const text of reportPretty(report, { colors, all: flags.verbose === true })) cli.stderr.write(text);
  cli.stderr.write(
    `error: nothing was sent: ${count(errors.length + errorsOmitted, 'error')} in the input, ${count(invalidSessions, 'invalid session')}. Mend it, or --skip-invalid sends the rest.\n`,
  );
}
