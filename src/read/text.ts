import { escaped } from '../domain/text.js';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The number that a text writes, as JSON writes numbers, spaces around it aside; undefined where it is none. */
export function readNumber(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const trimmed = text.trim();
  return trimmed !== text && NUMBER.test(trimmed) ? Number(trimmed) : undefined;
}

const LONGEST = 60;

/** A text from an input as a message shows it: quoted, control characters escaped, shortened; `nothing` where empty. */
export function excerpt(text: string): string {
  if (text === '') return 'nothing';
  return escaped(JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text));
}

/**
 * The same text in memory of its own. V8 keeps a part of a longer text as a reference into it, so that one id held from each row
 * would hold the whole input.
 */
export function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}
