const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SIMULATED = /^5eed[0-9a-f]{4}-[0-9a-f]{4}-8/i;

/** The GUID of zeros, which means that an id was never set. */
export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';

/** Whether a text is a GUID: 8-4-4-4-12 hexadecimal, any version, either case (API-8). */
export function isGuid(text: unknown): text is string {
  return typeof text === 'string' && GUID.test(text);
}

/** Whether a GUID is all zeros. */
export function isEmptyGuid(guid: string): boolean {
  return guid === EMPTY_GUID;
}

/** Whether a SessionId is one that `simulate` made: a version 8 UUID that begins with `5eed`. */
export function isSimulatedId(guid: string): boolean {
  return SIMULATED.test(guid);
}

/** The form in which GUIDs are compared. */
export function guidKey(guid: string): string {
  return guid.toLowerCase();
}

const HEX = '0123456789abcdef';
const NOT_HEX = 255;
/** The letter case of a GUID's letters, as bits. Digits set no bit. */
export const LETTER_CASE = { none: 0, lower: 1, upper: 2, both: 3 } as const;
const VALUES = new Uint8Array(128).fill(NOT_HEX);
const CASES = new Uint8Array(128);
for (let value = 0; value < 16; value += 1) {
  const [lower, upper] = [HEX.charCodeAt(value), HEX.toUpperCase().charCodeAt(value)];
  VALUES[lower] = value;
  VALUES[upper] = value;
  if (lower === upper) continue;
  CASES[lower] = LETTER_CASE.lower;
  CASES[upper] = LETTER_CASE.upper;
}

/** The offset of each of the 32 hexadecimal digits in a GUID's text. */
const DIGIT_OFFSETS = Uint8Array.from(
  [
    0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 19, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31,
  ].concat([32, 33, 34, 35]),
);
const DASH = '-'.charCodeAt(0);
const LOWER = Uint8Array.from(HEX, (digit) => digit.charCodeAt(0));
const UPPER = Uint8Array.from(HEX.toUpperCase(), (digit) => digit.charCodeAt(0));
const text = new Uint8Array(36);

/** Parses a GUID into four 32-bit words. */
export function writeGuid(guid: string, words: Uint32Array, at: number): void {
  for (let word = 0; word < 4; word += 1) {
    let bits = 0;
    for (let digit = word * 8; digit < word * 8 + 8; digit += 1) {
      bits = (bits << 4) | VALUES[guid.charCodeAt(DIGIT_OFFSETS[digit]!)]!;
    }
    words[at + word] = bits;
  }
}

/**
 * Writes a text as four words if it is a GUID.
 * @returns The `LETTER_CASE` of its letters; -1 if it is not a GUID: then the words have no meaning
 */
export function parseGuid(text: string, words: Uint32Array, at: number): number {
  if (text.length !== EMPTY_GUID.length) return -1;
  if (text[8] !== '-' || text[13] !== '-' || text[18] !== '-' || text[23] !== '-') return -1;
  let letterCase = 0;
  for (let word = 0; word < 4; word += 1) {
    let bits = 0;
    for (let digit = word * 8; digit < word * 8 + 8; digit += 1) {
      const code = text.charCodeAt(DIGIT_OFFSETS[digit]!);
      const value = code < VALUES.length ? VALUES[code]! : NOT_HEX;
      if (value === NOT_HEX) return -1;
      letterCase |= CASES[code]!;
      bits = (bits << 4) | value;
    }
    words[at + word] = bits;
  }
  return letterCase;
}

/** Formats four words as a GUID in lower case. */
export function readGuid(words: Uint32Array, at: number): string {
  putGuid(words, at, false, text, 0);
  // Four times as fast as `String.fromCharCode(...text)`.
  return Reflect.apply(String.fromCharCode, null, text);
}

/** Formats four words as a GUID into bytes, and returns the offset after it. */
export function putGuid(
  words: Uint32Array,
  at: number,
  upperCase: boolean,
  bytes: Uint8Array,
  to: number,
): number {
  const digits = upperCase ? UPPER : LOWER;
  bytes[to + 8] = DASH;
  bytes[to + 13] = DASH;
  bytes[to + 18] = DASH;
  bytes[to + 23] = DASH;
  for (let word = 0; word < 4; word += 1) {
    const bits = words[at + word]!;
    for (let digit = 0; digit < 8; digit += 1) {
      bytes[to + DIGIT_OFFSETS[word * 8 + digit]!] = digits[(bits >>> (28 - digit * 4)) & 15]!;
    }
  }
  return to + 36;
}

/** Whether four words are all zero: the GUID of zeros, or not a GUID. */
export function isEmptyWords(words: Uint32Array, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
}

/** Whether two GUIDs are equal. */
export function sameGuid(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  return a[i] === b[j] && a[i + 1] === b[j + 1] && a[i + 2] === b[j + 2] && a[i + 3] === b[j + 3];
}

/** `isSimulatedId` for a GUID as four words. */
export function isSimulatedGuid(words: Uint32Array, at: number): boolean {
  return words[at]! >>> 16 === 0x5eed && ((words[at + 1]! >>> 12) & 15) === 8;
}

/** A 32-bit hash of a GUID. Different seeds give independent hashes. */
export function hashGuid(words: Uint32Array, at: number, seed = 0): number {
  let hash = seed ^ 0x9e3779b9;
  for (let i = 0; i < 4; i += 1) {
    hash = Math.imul(hash ^ words[at + i]!, 0x85ebca6b);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0xc2b2ae35);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}

/** `wideHash` is `hashGuid` times this, plus 20 more bits. */
export const LOW_HASH_RANGE = 2 ** 20;

/** A 52-bit hash of a GUID: with 32 bits, GUIDs of a large input can have the same hash. */
export function wideHash(words: Uint32Array, at: number): number {
  return hashGuid(words, at) * LOW_HASH_RANGE + (hashGuid(words, at, 1) >>> 12);
}

/** How many slots a cache has; must be a power of two. */
const CACHE_SIZE = 4096;

/** A cache of values computed from GUIDs that occur many times. Each hash has one slot, where a new GUID replaces the last one. */
export class GuidCache<V> {
  readonly #words = new Uint32Array(4 * CACHE_SIZE);
  // All slots are filled at once: the engine stores an array with gaps as a slow dictionary.
  readonly #values = Array.from<V | undefined>({ length: CACHE_SIZE }).fill(undefined);
  readonly #make: (guid: string) => V;

  /** @param make Computes the value of a GUID in lower case; must always return the same value. */
  constructor(make: (guid: string) => V) {
    this.#make = make;
  }

  /** The value of the GUID whose four words begin at `at`. */
  get(words: Uint32Array, at: number): V {
    // The hash includes the last word: ids made by counting differ only in it.
    const slot = (words[at]! ^ words[at + 3]!) & (CACHE_SIZE - 1);
    const known = this.#values[slot];
    if (known !== undefined && sameGuid(this.#words, 4 * slot, words, at)) return known;
    const value = this.#make(readGuid(words, at));
    for (let word = 0; word < 4; word += 1) this.#words[4 * slot + word] = words[at + word]!;
    this.#values[slot] = value;
    return value;
  }
}

/** White space and invisible characters: zero-width characters, soft hyphens, direction marks, a byte-order mark. */
const INVISIBLE = String.raw`[\s\p{Cc}\p{Cf}]`;
const AROUND = new RegExp(`^${INVISIBLE}+|${INVISIBLE}+$`, 'gu');
/** A longer cell cannot be a GUID, so it is not searched. */
const LONGEST = 200;
const WRAPPED = /^(?:\{(.*)\}|\((.*)\)|urn:uuid:(.*))$/i;
const DIGITS = /^[0-9a-f]{32}$/i;

/**
 * Reads a GUID from a cell, as 8-4-4-4-12 in the cell's letter case. Accepts braces, parentheses, `urn:uuid:`, 32
 * digits without dashes, and white space or invisible characters around the GUID. Undefined where the text is not a
 * GUID.
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

/** `isGuid` without its type predicate, which would narrow a string that is not a GUID to `never`. */
function isUsual(text: unknown): boolean {
  return isGuid(text);
}
