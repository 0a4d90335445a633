/** The bytes of JSON's grammar. */
export const [QUOTE, COLON, COMMA, OPEN, CLOSE, ARRAY, ARRAY_END] = Array.from('":,{}[]', (char) =>
  char.charCodeAt(0),
) as [number, number, number, number, number, number, number];
export const NEWLINE = 0x0a;
const [SPACE, TAB, RETURN] = [0x20, 0x09, 0x0d];

/** What is written with more blanks in a row is not plain. */
const MOST_BLANKS = 1000;

/** Where what follows the blanks at a place begins. */
export function afterSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] === SPACE || bytes[at] === TAB || bytes[at] === RETURN) && at - from < MOST_BLANKS)
    at += 1;
  return at;
}

/** Whether a text stands at a place. */
export function isAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text[i]) return false;
  return true;
}
