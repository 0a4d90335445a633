/** Largest request body, in bytes. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Of all bodies being read at once, in bytes; past it a request is answered 503. */
export const MAX_BODY_BYTES_AT_ONCE = 256 * 1024 * 1024;

/** Events in a request: 5 MB of real ones. It keeps a body of a million `{}` from drawing findings without end. */
export const MAX_EVENTS = 20_000;

/** Values in a request body, at all levels. */
export const MAX_BODY_VALUES = 200_000;

/** A body of more is looked at for its nesting before it is parsed, in UTF-16 units. */
export const SHALLOW_LENGTH = 64 * 1024;

/** Larger bodies are not kept for `/_mock/requests`, and findings in them are not located, in bytes. */
export const LARGE_BODY_BYTES = 1024 * 1024;

/** What is read and thrown away behind a body that is too large, so that its sender gets to read the answer, in bytes. */
export const MAX_DISCARDED_BYTES = 100 * 1024 * 1024;

/** Largest body of a control request, in bytes. */
export const MAX_CONTROL_BYTES = 64 * 1024;

/** All headers of a request, in bytes. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** From the first byte of a request to the end of its headers, and to its end, in milliseconds. */
export const HEADERS_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 60_000;

/** A page that leaves more of its events unread is cut off, in bytes. */
export const MAX_UNREAD_BYTES = 1024 * 1024;

/** Connections at once; past it the one that has been idle longest makes room. */
export const MAX_CONNECTIONS = 1000;

/** The longest that `wait` waits, in seconds. */
export const MAX_WAIT_SECONDS = 600;

/** How long what is on its way may take when the mock is stopped, in milliseconds. */
export const SETTLE_MS = 2000;

/** What a space keeps, the newest each. It counts all. */
export interface StoreLimits {
  readonly requests: number;
  readonly sessions: number;
  readonly findings: number;
  /** Of the request bodies kept, in UTF-16 units. */
  readonly bodyLength: number;
  /** What sessions and requests may hold in all, in their parts: bounds memory where they are made large to hurt. */
  readonly parts: number;
  /** SessionIds by which a session sent again is known. */
  readonly remembered: number;
}

export const MAIN_LIMITS: StoreLimits = {
  requests: 5000,
  sessions: 10_000,
  findings: 10_000,
  bodyLength: 16 * 1024 * 1024,
  parts: 200_000,
  remembered: 20_000,
};

/** Of a space at `/t/NAME/`. */
export const NAMED_LIMITS: StoreLimits = {
  requests: 1000,
  sessions: 1000,
  findings: 1000,
  bodyLength: 256 * 1024,
  parts: 10_000,
  remembered: 2000,
};

/** Spaces at `/t/NAME/`; past it the one not used for longest is forgotten. */
export const MAX_SPACES = 200;
