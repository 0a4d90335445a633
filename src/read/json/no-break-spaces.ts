const ESCAPE_QUOTE_OR_SPACE = /\\.|"|\u00a0/gs;

/**
 * JSON as it is copied from a web page (the API document's own example among them) is indented with no-break spaces, which JSON does not
 * know: gives the text with spaces in their place outside strings, every character where it was.
 */
export function withoutNoBreakSpaces(text: string): string {
  if (!text.includes('\u00a0')) return text;
  // One short match after the other: an expression for a whole string runs out of stack at a long one.
  let quoted = false;
  return text.replace(ESCAPE_QUOTE_OR_SPACE, (found) => {
    if (found === '"') quoted = !quoted;
    return found === '\u00a0' && !quoted ? ' ' : found;
  });
}
