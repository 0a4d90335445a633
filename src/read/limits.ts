/** How deep arrays and objects can be nested. */
export const MAX_NESTING = 64;

/** Longest line or row, in bytes. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Largest JSON document that is one value, in bytes. */
export const MAX_VALUE_BYTES = 256 * 1024 * 1024;

/**
 * How many values one JSON text (a line, a request body, an element of a document's array) can hold. Every value counts
 * as 1, and an object as 9, because an empty object can have 8 findings. Without this limit, a request body with a
 * million `{}` would cause millions of findings.
 */
export const MAX_VALUES = 1_000_000;

/** The same limit for a whole HAR. It is higher, because a HAR also has responses, whose values are not checked. */
export const MAX_HAR_VALUES = 20_000_000;

/** How many intervals the `Segments` of a session row can list. */
export const MAX_SEGMENTS = 10_000;

/** Largest HAR, in bytes. */
export const MAX_HAR_BYTES = 256 * 1024 * 1024;

/** How many times larger than its input unpacked gzip data can be. */
export const MAX_GZIP_RATIO = 1000;

/** The bytes of an input end early or are damaged. The bytes before can still be used. */
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
