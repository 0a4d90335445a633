import type { Input, Place, TextPosition } from './place.js';
import type { PlainEvents } from './plain-events.js';

/**
 * Where in the text the value behind a JSON pointer stands; the pointer is relative to the record's own value. Of a value that is
 * absent: where its parent stands. Computed on demand, and only while the record is being handled.
 */
export type Locate = (pointer: string) => TextPosition;

/** A bare event: a JSON value, or a CSV row as the JSON value it stands for. */
export interface EventRecord {
  readonly kind: 'event';
  /** The seven fields as the API names them, and perhaps a `Source`. Unchecked. */
  readonly value: unknown;
  readonly place: Place;
  readonly locate: Locate;
  /** Of an input without SeqNumbers: to be numbered by Timestamp, then by row. */
  readonly unnumbered?: boolean;
  /** Seconds, where a row told it. */
  readonly clipDuration?: number | undefined;
  /** The value as it was before it was mended on the way; absent where it was not. */
  readonly was?: unknown;
}

/** Bare events that a reader has found sound while reading: those of `events` from `from`, up to `to`. Only while they are being handled. */
export interface PlainEventsRecord {
  readonly kind: 'plain';
  readonly input: Input;
  /** Of every one of them, as its place has it. */
  readonly pointer: '' | null;
  readonly events: PlainEvents;
  readonly from: number;
  readonly to: number;
}

/**
 * A request body that a reader has found sound while reading, as far as no session is looked at: a documented Source for custom players,
 * `Completed`, no other properties, and events in which no event rule finds anything: those of `events` from `from`, up to `to`, of which
 * there is one at least. Only while it is being handled.
 */
export interface PlainRequestRecord {
  readonly kind: 'plain-request';
  readonly place: Place;
  readonly source: string;
  readonly events: PlainEvents;
  readonly from: number;
  readonly to: number;
}

/** How a request went over the wire, where the input tells it (HAR captures, the mock). */
export interface Exchange {
  /** The host it went to, name and port as `URL.host` writes them. */
  readonly host: string;
  /** The value of the URL's organizationId parameter, whatever the name's letter case; null where there is none. */
  readonly organizationParameter: string | null;
  /** The media type of the Content-Type header in lower case, without parameters; null where there is no header. */
  readonly mediaType: string | null;
  /** Unix seconds, with fractions, at which it began; null where that is not known. */
  readonly beganAt: number | null;
  /** The page of the browser that sent it (a HAR's `pageref`); null where that is not known. */
  readonly page: string | null;
  /** The answer, where there is one already. */
  readonly answer: Answer | null;
}

/** The endpoint's answer to a request. */
export interface Answer {
  /** Unix seconds, with fractions, at which it was there; null where that is not known. */
  readonly at: number | null;
  /** The Enabled flag of a 2xx (API-6); null where the answer has none. */
  readonly enabled: boolean | null;
}

/** A request body. */
export interface RequestRecord {
  readonly kind: 'request';
  /** Unchecked. */
  readonly value: unknown;
  readonly place: Place;
  readonly locate: Locate;
  /** Absent where the input is bodies alone. */
  readonly exchange?: Exchange;
  /** The events that were mended on the way, as they were before, by their place in `Events`. */
  readonly were?: ReadonlyMap<number, unknown>;
}

/** A document, line or row that could not be parsed: the finding `syntax`. */
export interface SyntaxRecord {
  readonly kind: 'syntax';
  readonly place: Place;
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/** An input has been opened; its records follow. */
export interface InputOpened {
  readonly kind: 'input';
  readonly input: Input;
}

/** What readers give, in chunks: one thing found in an input, with its place. */
export type InputRecord =
  | InputOpened
  | EventRecord
  | PlainEventsRecord
  | RequestRecord
  | PlainRequestRecord
  | SyntaxRecord;
