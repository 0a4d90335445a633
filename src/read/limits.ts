/** How deep arrays and objects may be nested. */
export const MAX_NESTING = 64;

/** Longest line or row, in bytes. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Largest JSON document that is one value, in bytes. */
export const MAX_VALUE_BYTES = 256 * 1024 * 1024;

/**
 * How many values a JSON text may hold that is taken as one (a line, a body, an element of a document's array): every value counts, and an
 * object for 8 more, since an empty one lacks as many fields. Without it, a body of a million `{}` would cause an unlimited number of findings.
 */
export const MAX_VALUES = 1_000_000;

/** The same in all of a HAR, whose responses nobody looks into. */
export const MAX_HAR_VALUES = 20_000_000;

/** How many stretches a session row may list. */
export const MAX_SEGMENTS = 10_000;

/** Largest HAR, in bytes. */
export const MAX_HAR_BYTES = 256 * 1024 * 1024;

/** How many times its input gzip may unpack to. */
export const MAX_GZIP_RATIO = 1000;

/** The bytes of an input break off or are damaged: what came before can still be used. */
export class BrokenStream extends Error {
  override readonly name = 'BrokenStream';

  constructor(
    readonly expected: string,
    readonly received: string,
    readonly hint: string,
  ) {
    super(`Expected ${expected}, received ${received}`);
  }
}
