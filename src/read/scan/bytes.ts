/** The bytes of JSON's grammar. */
export const [QUOTE, COLON, COMMA, OPEN, CLOSE, ARRAY, ARRAY_END] = Array.from('":,{}[]', (char) =>
  char.charCodeAt(0),
) as [number, number, number, number, number, number, number];
export const NEWLINE = 0x0a;
const [SPACE, TAB, RETURN] = [0x20, 0x09, 0x0d];

/** The scanner takes nothing with more blanks in a row. */
const MAX_BLANKS = 1000;

/** Where what follows the blanks at a place begins. */
export function afterBlanks(bytes: Uint8Array, from: number, newlines: boolean): number {
  let at = from;
  for (; at - from < MAX_BLANKS; at += 1) {
    const byte = bytes[at];
    if (byte !== SPACE && byte !== TAB && byte !== RETURN && !(newlines && byte === NEWLINE)) break;
  }
  return at;
}

/** Whether a text is at a place. */
export function isAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** Whether two places hold the same text of ASCII. */
export function sameText(a: DataView, i: number, b: DataView, j: number, length: number): boolean {
  let at = 0;
  // As doubles, eight bytes are compared at once: no ASCII text is the same number as another, or none.
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

/** The value of two hexadecimal digits, by their two bytes as a little-endian number; with the letter cases; -1 where one is no digit. */
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
 * @returns 1 where its letters are in upper case, 0 where they are in lower case, -1 where it is no GUID or mixes them.
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

/** Reads four digits and four more as a word; gives the cases of the letters, negative where one is no digit. */
function scanWord(view: DataView, at: number, then: number, words: Uint32Array, to: number): number {
  const a = PAIRS[view.getUint16(at, true)]!;
  const b = PAIRS[view.getUint16(at + 2, true)]!;
  const c = PAIRS[view.getUint16(then, true)]!;
  const d = PAIRS[view.getUint16(then + 2, true)]!;
  words[to] = ((a & 0xff) << 24) | ((b & 0xff) << 16) | ((c & 0xff) << 8) | (d & 0xff);
  return a | b | c | d;
}

/** Where the scanner took fewer lines in a row than this, more of what follows is parsed at once. */
const FEW_LINES = 8;
const MAX_LINES = 4096;

/** How many lines to parse, after one that the scanner did not take, before it is asked again. */
export class ParseAhead {
  #lines = 1;

  /** @param taken How many lines in a row it took before. */
  lines(taken: number): number {
    this.#lines = taken < FEW_LINES ? Math.min(2 * this.#lines, MAX_LINES) : 1;
    return this.#lines;
  }
}
