import { isGuid } from './guid.js';

/** White space, and characters that no screen shows: zero-width ones, soft hyphens, direction marks, a byte-order mark. */
const INVISIBLE = String.raw`[\s\p{Cc}\p{Cf}]`;
const AROUND = new RegExp(`^${INVISIBLE}+|${INVISIBLE}+$`, 'gu');
/** Longer cells hold no GUID, and need not be searched. */
const LONGEST = 200;
const WRAPPED = /^(?:\{(.*)\}|\((.*)\)|urn:uuid:(.*))$/i;
const DIGITS = /^[0-9a-f]{32}$/i;

/**
 * The GUID that a cell means, as 8-4-4-4-12 in the letter case it is written in: also from braces, parentheses, `urn:uuid:`, 32 digits
 * without dashes, and between white space or invisible characters. Undefined where the text is no GUID.
 */
export function readGuidCell(text: string): string | undefined {
  if (isUsual(text)) return text;
  if (text.length > LONGEST) return undefined;
  const bare = text.replace(AROUND, '');
  const [, braces, parentheses, urn] = WRAPPED.exec(bare) ?? [];
  const inner = (braces ?? parentheses ?? urn ?? bare).replace(AROUND, '');
  if (isUsual(inner)) return inner;
  return DIGITS.test(inner)
    ? inner.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    : undefined;
}

/** An id as a table means it: a GUID in its usual form, and any other text as it stands. */
export function readIdCell(text: string): string {
  return readGuidCell(text) ?? text;
}

/** `isGuid` without its type predicate, which would narrow a string that is no GUID to `never`. */
function isUsual(text: unknown): boolean {
  return isGuid(text);
}
