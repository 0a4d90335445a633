import { UserError } from '../../domain/errors.js';

/** The delimiters that are detected, the likeliest first. */
export const DELIMITERS = ',;\t|';

/** A delimiter as the user names it: one character, or `\t` or `tab`. Throws a `UserError` (usage). */
export function readDelimiter(name: string): string {
  const delimiter = name === '\\t' || name.toLowerCase() === 'tab' ? '\t' : name;
  if (delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    throw new UserError(
      'usage',
      `--delimiter wants one character, received ${JSON.stringify(name)}`,
      'A tab is \\t',
    );
  }
  return delimiter;
}

/** The delimiter that stands most often in a header row outside quotes; a comma where none does. */
export function detectDelimiter(header: string): string {
  const parts = header.split('"');
  const unquoted = parts.length % 2 === 0 ? header : parts.filter((_, i) => i % 2 === 0).join('');
  const counts = DELIMITERS.split('').map((delimiter) => unquoted.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}
