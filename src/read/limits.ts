/** How deep arrays and objects may be nested. */
export const MAX_NESTING = 64;

/** Longest line or row, in bytes. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Largest JSON document that is one value, in bytes. */
export const MAX_VALUE_BYTES = 256 * 1024 * 1024;

/** Largest HAR, in bytes. */
export const MAX_HAR_BYTES = 256 * 1024 * 1024;

/** How many times its input gzip may unpack to. */
export const MAX_GZIP_RATIO = 1000;
