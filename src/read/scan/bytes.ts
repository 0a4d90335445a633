/** The bytes of JSON's grammar. */
export const [QUOTE, COLON, COMMA, OPEN, CLOSE, ARRAY, ARRAY_END] = Array.from('":,{}[]', (char) =>
  char.charCodeAt(0),
) as [number, number, number, number, number, number, number];
export const NEWLINE = 0x0a;
const [SPACE, TAB, RETURN] = [0x20, 0x09, 0x0d];

/** The scanner does not read values with more blanks in a row than this. */
const MAX_BLANKS = 1000;

/** The offset after the blanks at an offset. */
export function afterBlanks(bytes: Uint8Array, from: number, newlines: boolean): number {
  let at = from;
  for (; at - from < MAX_BLANKS; at += 1) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== TAB && byte !== RETURN && !(newlines && byte === NEWLINE)) break;
  }
  return at;
}

/** Whether a text is at an offset. */
export function isAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** Whether the same ASCII text is at two offsets. */
export function sameText(a: DataView, i: number, b: DataView, j: number, length: number): boolean {
  let at = 0;
  // Doubles compare eight bytes at once. Different ASCII texts are never equal doubles, and no ASCII text is NaN.
  for (; at + 8 <= length; at += 8)
    if (a.getFloat64(i + at, true) !== b.getFloat64(j + at, true)) return false;
  if (at + 4 <= length) {
    if (a.getInt32(i + at, true) !== b.getInt32(j + at, true)) return false;
    at += 4;
  }
  for (; at < length; at += 1) if (a.getUint8(i + at) !== b.getUint8(j + at)) return false;
  return true;
}

const DASH = '-'.charCodeAt(0);
const LOWER = 0x100;
const UPPER = 0x200;
const BOTH = LOWER | UPPER;

/**
 * The value of two hexadecimal digits and the cases of their letters, by the two bytes as a little-endian number; -1
 * where a byte is not a digit.
 */
const PAIRS = new Int16Array(0x1_0000).fill(-1);
for (const first of '0123456789abcdefABCDEF') {
  for (const second of '0123456789abcdefABCDEF') {
    const pair = first + second;
    const letters = (/[a-f]/.test(pair) ? LOWER : 0) | (/[A-F]/.test(pair) ? UPPER : 0);
    PAIRS[first.charCodeAt(0) | (second.charCodeAt(0) << 8)] = Number.parseInt(pair, 16) | letters;
  }
}

/**
 * Reads the 36 characters of a GUID as four words.
 * @returns 1 where its letters are in upper case, 0 where they are in lower case, -1 where it is not a GUID, or has
 * letters of both cases.
 */
export function scanGuid(view: DataView, at: number, words: Uint32Array, to: number): number {
  if (view.getUint8(at + 8) !== DASH || view.getUint8(at + 13) !== DASH) return -1;
  if (view.getUint8(at + 18) !== DASH || view.getUint8(at + 23) !== DASH) return -1;
  const letters =
    scanWord(view, at, at + 4, words, to) |
    scanWord(view, at + 9, at + 14, words, to + 1) |
    scanWord(view, at + 19, at + 24, words, to + 2) |
    scanWord(view, at + 28, at + 32, words, to + 3);
  if (letters < 0 || (letters & BOTH) === BOTH) return -1;
  return (letters & UPPER) === 0 ? 0 : 1;
}

/**
 * Reads two groups of four hexadecimal digits as a word. Returns the cases of the letters; a negative number where a
 * byte is not a digit.
 */
function scanWord(view: DataView, at: number, then: number, words: Uint32Array, to: number): number {
  const a = PAIRS[view.getUint16(at, true)]!;
  const b = PAIRS[view.getUint16(at + 2, true)]!;
  const c = PAIRS[view.getUint16(then, true)]!;
  const d = PAIRS[view.getUint16(then + 2, true)]!;
  words[to] = ((a & 0xff) << 24) | ((b & 0xff) << 16) | ((c & 0xff) << 8) | (d & 0xff);
  return a | b | c | d;
}

/** If the scanner read fewer lines in a row than this, more of the next lines are parsed at once. */
const FEW_LINES = 8;
const MAX_LINES = 4096;

/** How many lines to parse, after a line that the scanner could not read, before the scanner tries again. */
export class ParseAhead {
  #lines = 1;

  /** @param taken How many lines in a row the scanner read before. */
  lines(taken: number): number {
    this.#lines = taken < FEW_LINES ? Math.min(2 * this.#lines, MAX_LINES) : 1;
    return this.#lines;
  }
}
