const STRING_OR_SPACE = /"(?:[^"\\]|\\.)*"|\u00a0/g;

/**
 * JSON as it is copied from a web page (the API document's own example among them) is indented with no-break spaces, which JSON does not
 * know: gives the text with plain ones outside strings, every character at its old place.
 */
export function withPlainSpaces(text: string): string {
  return text.includes('\u00a0')
    ? text.replace(STRING_OR_SPACE, (found) => (found === '\u00a0' ? ' ' : found))
    : text;
}
