import type { Input, Place, TextPosition } from './place.js';

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
}

/** A request body. */
export interface RequestRecord {
  readonly kind: 'request';
  /** Unchecked. */
  readonly value: unknown;
  readonly place: Place;
  readonly locate: Locate;
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
export type InputRecord = InputOpened | EventRecord | RequestRecord | SyntaxRecord;
