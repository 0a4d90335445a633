import type { Prepared } from '../../send/prepare.js';
import { totalsOf } from '../../validate/rule-totals.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { pretty } from '../validate/reporters/pretty.js';
import { count } from '../words.js';
import type { SendFlags } from './command.js';

/** Tells, on standard error, why an input is not sent. */
export async function tellInvalid(
  { errors, errorsOmitted, summary, invalidSessions }: Prepared,
  flags: SendFlags,
  cli: Cli,
): Promise<void> {
  const colors = colorsFor(cli.stderr, flags.color, cli.env);
  const rules = errorsOmitted === 0 ? totalsOf(errors) : [];
  const report = { findings: errors, omitted: errorsOmitted, summary, rules };
  const columns = cli.stderr.columns ?? null;
  const told = { report, colors, columns, all: flags.verbose === true, textsOf: async () => () => undefined };
  for await (const text of pretty(told)) cli.stderr.write(text);
  cli.stderr.write(
    `error: nothing was sent: ${count(errors.length + errorsOmitted, 'error')} in the input, ${count(invalidSessions, 'invalid session')}. Mend it, or --skip-invalid sends the rest.\n`,
  );
}
