import type { EventBatch } from './event-batch.js';
import type { Input, Place, TextPosition } from './place.js';
import type { Session } from './session.js';

/**
 * Where in the text the value behind a JSON pointer stands; the pointer is relative to the record's own value. Of a value that is
 * absent: where its parent stands. Computed on demand, and only while the record is being handled.
 */
export type Locate = (pointer: string) => TextPosition;

/** Bare events of one input. Only while they are being handled. */
export interface EventsRecord {
  readonly kind: 'events';
  readonly input: Input;
  /** False where the input has no JSON pointers (CSV). */
  readonly pointers: boolean;
  readonly events: EventBatch;
  /** Those of the batch from `from`, up to `to`. */
  readonly from: number;
  readonly to: number;
}

/** How a request was sent, if the input says so (HAR captures, the mock). */
export interface Exchange {
  /** The host it went to, name and port as `URL.host` writes them. */
  readonly host: string;
  /** The part of the URL's path that is the endpoint's, as it was written. */
  readonly path: string;
  /** The value of the URL's organizationId parameter, ignoring the case of its name; null without one. */
  readonly organizationParameter: string | null;
  /** The media type of the Content-Type header in lower case, without parameters; null where there is no header. */
  readonly mediaType: string | null;
  /** Unix seconds, with fractions, at which it began; null where that is not known. */
  readonly beganAt: number | null;
  /** Whether it arrived at the mock, which may have the traffic of several players. */
  readonly fromMock: boolean;
  /** The page of the browser that sent it (a HAR's `pageref`); null where that is not known. */
  readonly page: string | null;
  /** Unix seconds at which that page was loaded, and at which its last request of any kind began; absent where that is not known. */
  readonly pageLoadedAt?: number | undefined;
  readonly pageActiveUntil?: number | undefined;
  /** In a HAR that the mock recorded: which of its stores took the request. Each store judges its requests by themselves. Else null. */
  readonly store: string | null;
  /** The answer, where there is one already. */
  readonly answer: Answer | null;
}

/** The endpoint's answer to a request. */
export interface Answer {
  /** Unix seconds, with fractions, at which it was there; null where that is not known. */
  readonly at: number | null;
  /** The Enabled flag of a 2xx (API-6); null if the response has no flag. */
  readonly enabled: boolean | null;
  /** The HTTP status; absent where that is not known. */
  readonly status?: number | null | undefined;
}

/** A request body. Only while it is being handled. */
export interface RequestRecord {
  readonly kind: 'request';
  /**
   * The body's JSON value, unchecked. Its `Events` are in the batch, too; of a body that the scanner read, `Events` is an array of the right
   * length that holds nothing.
   */
  readonly body: unknown;
  /** Its events, in order: those of the batch from `from`, up to `to`. `elements` are their places in `Events`. */
  readonly events: EventBatch;
  readonly from: number;
  readonly to: number;
  readonly place: Place;
  /** Finds places in the body. Events are found by their batch's locator. */
  readonly locate: Locate;
  /** Absent where the input is bodies alone. */
  readonly exchange?: Exchange;
}

/**
 * What can be missing if something could not be read: nothing; one whole session (a row that is a session); events of
 * these sessions, by SessionId in lower case; or events of unknown sessions.
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

/** A row or an event whose clip the clip map does not hold: it is left out, and its session with it. */
export interface UnmappedRecord {
  readonly kind: 'unmapped';
  readonly place: Place;
  readonly loss: Loss;
  /** The row, unchanged, or an event as JSON; absent if unknown. */
  readonly text?: string | undefined;
}

/** What the rows of a table say of each other, once all have been read. */
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
  /** Of how many. */
  readonly of: number;
  /** One sentence that says how many, and where. */
  readonly message: string;
}

/** How long the sessions of a table were listened to, in milliseconds. */
export interface ListenLengths {
  readonly longestMs: number;
  readonly medianMs: number;
  /** Whether durations of clips or times of the rows held the lengths against anything. */
  readonly checked: boolean;
}

/** Judges a table as a whole; to be asked once it has been read. */
export interface TableJudge {
  /** Whether its sessions are to be shown to it first: of rows that are single events it does not know them. */
  readonly asksForSessions: boolean;
  addSession(session: Session): void;
  findings(): readonly TableFinding[];
  repeated(): RepeatedExport | undefined;
  lengths(): ListenLengths | undefined;
  /** How many rows have no SessionId, so that it is made of what they say. */
  rowsWithoutId(): number;
}

/** The header of a table has been read; its rows follow. */
export interface TableRecord {
  readonly kind: 'table';
  readonly input: Input;
  /** The header row, unchanged; null if the rows are JSON objects. */
  readonly header: string | null;
  /** Whether the SessionId is made of cells of the row, its organization and its clip, and a session may have several rows. */
  readonly keyed: boolean;
  readonly judge: TableJudge;
}

/** A row that says the same of its session as an earlier one of the same input, and does not count: the finding `event-resent`. */
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

/** What readers give, in chunks: one thing found in an input, with its place. */
export type InputRecord =
  | InputOpened
  | EventsRecord
  | RequestRecord
  | SyntaxRecord
  | TableRecord
  | ResentRowRecord
  | UnmappedRecord;
