import { escaped } from '../domain/escaped.js';

const LONGEST = 60;

/** A text from an input as a message shows it: quoted, control characters escaped, shortened; `nothing` where empty. */
export function excerpt(text: string): string {
  if (text === '') return 'nothing';
  return escaped(JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text));
}
