import type { EventBatch } from './event-batch.js';
import type { Input, Place, TextPosition } from './place.js';
import type { Session } from './session.js';

/**
 * Finds where in the text the value at a JSON pointer is, or its parent if the value is absent. The pointer is relative
 * to the record's own value. Works only until the next record is requested.
 */
export type Locate = (pointer: string) => TextPosition;

/** Bare events of one input. Valid only until the next record is requested. */
export interface EventsRecord {
  readonly kind: 'events';
  readonly input: Input;
  /** False where the input has no JSON pointers (CSV). */
  readonly pointers: boolean;
  readonly events: EventBatch;
  /** The events of the batch from `from` to below `to`. */
  readonly from: number;
  readonly to: number;
}

/** How a request was sent, if the input says so (HAR captures, the mock). */
export interface Exchange {
  /** The host to which it was sent, with the name and port as in `URL.host`. */
  readonly host: string;
  /** The part of the URL's path that is the endpoint's path, as it was written. */
  readonly path: string;
  /** The value of the URL's organizationId parameter, ignoring the case of its name; null without one. */
  readonly organizationParameter: string | null;
  /** The media type of the Content-Type header in lower case, without parameters; null where there is no header. */
  readonly mediaType: string | null;
  /** Unix seconds, with fractions, at which the request began; null where that is not known. */
  readonly beganAt: number | null;
  /** Whether it arrived at a mock, which can have the traffic of several players. */
  readonly fromMock: boolean;
  /** The page of the browser that sent it (a HAR's `pageref`); null where that is not known. */
  readonly page: string | null;
  /** Unix seconds at which that page was loaded, and at which its last request of any kind began; absent where that is not known. */
  readonly pageLoadedAt?: number | undefined;
  readonly pageActiveUntil?: number | undefined;
  /**
   * In a HAR that the mock recorded, the store of the mock that received the request; else null. Requests of different
   * stores are not compared with each other.
   */
  readonly store: string | null;
  /** The answer, if it has already arrived. */
  readonly answer: Answer | null;
}

/** The endpoint's answer to a request. */
export interface Answer {
  /** Unix seconds, with fractions, at which the answer arrived; null where that is not known. */
  readonly at: number | null;
  /** The Enabled flag of a 2xx (API-6); null if the response has no flag. */
  readonly enabled: boolean | null;
  /** The HTTP status; absent where that is not known. */
  readonly status?: number | null | undefined;
}

/** A request body. Valid only until the next record is requested. */
export interface RequestRecord {
  readonly kind: 'request';
  /**
   * The body's JSON value, unchecked. Its `Events` are also in the batch. If the scanner read the body, `Events` is an
   * array of the right length without elements.
   */
  readonly body: unknown;
  /** Its events, in order: those of the batch from `from` to below `to`. `elements` has their indexes in `Events`. */
  readonly events: EventBatch;
  readonly from: number;
  readonly to: number;
  readonly place: Place;
  /** Finds places in the body. Events are found by their batch's locator. */
  readonly locate: Locate;
  /** Absent where the input holds only request bodies. */
  readonly exchange?: Exchange;
}

/**
 * What can be missing because something could not be read: nothing; one whole session (if a row is a session); events
 * of these sessions, by SessionId in lower case; or events of unknown sessions.
 */
export type Loss = 'nothing' | 'whole-session' | 'unknown' | { readonly sessions: readonly string[] };

/** A document, line or row that could not be parsed: the finding `syntax`. */
export interface SyntaxRecord {
  readonly kind: 'syntax';
  readonly place: Place;
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
  readonly loss: Loss;
  /** The line or row, unchanged; absent if unknown, as for a document that ends too early. */
  readonly text?: string | undefined;
}

/** A row or an event whose clip is not in the clip map. It is left out, and its whole session with it. */
export interface UnmappedRecord {
  readonly kind: 'unmapped';
  readonly place: Place;
  readonly loss: Loss;
  /** The row, unchanged, or an event as JSON; absent if unknown. */
  readonly text?: string | undefined;
}

/** A finding about a whole table, known once all its rows are read. */
export interface TableFinding {
  readonly rule: 'table-unit' | 'digits-lost';
  readonly place: Place;
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/** Repeated rows of a table: the diagnosis `export-repeated`. */
export interface RepeatedExport {
  readonly rows: number;
  /** How many rows the table has. */
  readonly of: number;
  /** The repetition in words: how many rows, and where. */
  readonly message: string;
}

/** How long people listened in the sessions of a table, in milliseconds. */
export interface ListenLengths {
  readonly longestMs: number;
  readonly medianMs: number;
  /** Whether the lengths were compared with durations of clips or with times of the rows. */
  readonly checked: boolean;
}

/** Checks a table as a whole. Call its methods once the table is read. */
export interface TableJudge {
  /**
   * Whether the caller must first add the sessions: true for rows that are single events, from which the judge does not
   * know the sessions.
   */
  readonly needsSessions: boolean;
  addSession(session: Session): void;
  findings(): readonly TableFinding[];
  repeated(): RepeatedExport | undefined;
  lengths(): ListenLengths | undefined;
  /** How many rows have no SessionId, so that it is made from their content. */
  rowsWithoutId(): number;
}

/** The header of a table has been read; its rows follow. */
export interface TableRecord {
  readonly kind: 'table';
  readonly input: Input;
  /** The header row, unchanged; null if the rows are JSON objects. */
  readonly header: string | null;
  /** Whether the SessionId is made from the row's key cells, organization and clip, and a session can have several rows. */
  readonly keyed: boolean;
  readonly judge: TableJudge;
}

/** A row that repeats an earlier row of the same session and input, and does not count: the finding `event-resent`. */
export interface ResentRowRecord {
  readonly kind: 'resent-row';
  readonly place: Place;
  readonly sessionId: string;
}

/** An input has been opened; its records follow. */
export interface InputOpened {
  readonly kind: 'input';
  readonly input: Input;
}

/** What readers yield, in chunks: one item of an input, with its place. */
export type InputRecord =
  | InputOpened
  | EventsRecord
  | RequestRecord
  | SyntaxRecord
  | TableRecord
  | ResentRowRecord
  | UnmappedRecord;
