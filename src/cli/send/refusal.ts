import { escaped, pluralize } from '../../domain/text.js';
import { shellWords } from '../../send/curl.js';
import type { Prepared } from '../../send/prepare.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../terminal.js';
import { findingsReport } from '../validate/reporters/index.js';
import type { SendFlags } from './flags.js';

/** Tells, on standard error, why an input is not sent. */
export async function tellInvalid(checked: Prepared, flags: SendFlags, cli: Cli): Promise<void> {
  const { errors, errorsOmitted, summary, invalidSessions } = checked;
  const colors = colorsFor(cli.stderr, flags.color, cli.env);
  const look = { colors, columns: cli.stderr.columns ?? null, all: flags.verbose === true };
  const found = { findings: errors, omitted: errorsOmitted, summary };
  for await (const text of findingsReport(found, look)) cli.stderr.write(text);
  const counted = `nothing was sent: ${pluralize(errors.length + errorsOmitted, 'error')} in the input, ${pluralize(invalidSessions, 'invalid session')}`;
  cli.stderr.write(`error: ${counted}. ${advice(checked, flags)}\n`);
}

/** Whether nothing is sent whatever `--skip-invalid` says: a column cannot be believed, or nobody knows which sessions lost an event. */
export function refusesAll({ tableErrors, untellable }: Prepared): boolean {
  return tableErrors > 0 || untellable.length > 0;
}

function advice({ tableErrors, untellable }: Prepared, { skipInvalid }: SendFlags): string {
  if (tableErrors > 0) {
    const same = skipInvalid ? ', which --skip-invalid does not change' : '';
    return `A column of the table cannot be believed${same}: mend the file, or add the option that the finding names.`;
  }
  if (untellable.length === 0) return 'Mend it, or --skip-invalid sends the rest.';
  const places = untellable.slice(0, MAX_PLACES).map(({ input, line }) => `${input.name}:${line}`);
  const more = untellable.length > MAX_PLACES ? ` and ${untellable.length - MAX_PLACES} more` : '';
  const file = shellWords([untellable[0]!.input.name]);
  return escaped(
    `Which sessions stood at ${places.join(', ')}${more} cannot be told. Look at these lines, and leave them out: omny-consume convert ${file} --unreadable rest.txt -o clean.ndjson`,
  );
}

const MAX_PLACES = 5;
