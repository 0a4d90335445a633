import type { ReportedFinding, RuleId, Severity } from '../domain/finding.js';
import type { Summary } from '../validate/inspected.js';

/**
 * The messages of `_mock/events` to the page at `/`, as server-sent events. The address is relative to the page's, so that the
 * page of a space at `/t/NAME/` receives the messages of that space. Every `data:` is one JSON `PageMessage`; events have no
 * name. The first message is `start`, followed by `sessions` and `requests` with the content of the space, oldest first. Then
 * one `request` follows for each request that arrives. After a lost connection, a browser's EventSource reconnects and receives
 * `start` again: then drop all earlier content. Show every text from outside (ids, Source, messages, URLs) as text, never as
 * markup.
 */
export type PageMessage = StartMessage | SessionsMessage | RequestsMessage | RequestMessage | SettingsMessage;

/** The first message, also after a reset: drop everything received before it. */
export interface StartMessage {
  readonly type: 'start';
  /** The endpoint's URL to point a player at. */
  readonly endpoint: string;
  /** The NAME of `/t/NAME/`; null for the main space. */
  readonly space: string | null;
  /** How many of the newest sessions the mock keeps; a page need not keep more. */
  readonly keeps: number;
  readonly settings: MockSettings;
  /** Whether the mock keeps a sheet of behaviours, which `_mock/certify` returns. */
  readonly certify: boolean;
  readonly summary: MockSummary;
}

/** Sessions that arrived before the page was opened, in the same form as those of a `request`. */
export interface SessionsMessage {
  readonly type: 'sessions';
  readonly sessions: readonly MockSession[];
}

/**
 * Requests that arrived before the page was opened and have no session, oldest first, at most `MAX_NOTABLE_REQUESTS`.
 */
export interface RequestsMessage {
  readonly type: 'requests';
  readonly requests: readonly NotableRequest[];
}

/** A request that was unmatched, was answered with a fault, or held no session but has findings. */
export interface NotableRequest {
  readonly request: MockRequest;
  /** The findings of a request without a session; for others, the sessions hold them. */
  readonly findings: readonly ReportedFinding[];
}

/** A request arrived. */
export interface RequestMessage {
  readonly type: 'request';
  readonly request: MockRequest;
  /**
   * The current state of the sessions in the request, at most `MAX_MESSAGE_SESSIONS`. A session replaces an earlier one with
   * the same `key`.
   */
  readonly sessions: readonly MockSession[];
  readonly sessionsOmitted: number;
  /**
   * The findings of the request itself and of events without a usable SessionId, at most `MAX_LISTED_FINDINGS`. Findings of
   * sessions are in the sessions.
   */
  readonly findings: readonly ReportedFinding[];
  readonly findingsOmitted: number;
  readonly summary: MockSummary;
}

/** Someone changed how the mock answers. */
export interface SettingsMessage {
  readonly type: 'settings';
  readonly settings: MockSettings;
}

export interface MockSettings {
  /** The `Enabled` of answers. */
  readonly enabled: boolean;
  /** Whether a request with an error is answered with 400. */
  readonly strict: boolean;
  /** The faults as the user wrote them: `503@p0.1`. */
  readonly faults: readonly string[];
  /** A session with fewer seconds of audio is not a play. */
  readonly minDuration: number;
}

/** The counts of `validate` for everything that arrived since the last reset, also if it is no longer kept. */
export interface MockSummary extends Summary {
  /**
   * Requests that did not reach the endpoint: another path or method, not HTTP, or from a page that --forward does not allow.
   */
  readonly unmatched: number;
}

/** A request in the mock's API. */
export interface MockRequest {
  /**
   * The request's number, from 0, as in findings; null if its body was not counted (because of a fault, another path or another
   * method).
   */
  readonly number: number | null;
  /** Unix seconds, with fractions. */
  readonly receivedAt: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** The value of the organizationId parameter; its name is matched ignoring case. */
  readonly organizationParameter: string | null;
  /** The Content-Type header as received. */
  readonly contentType: string | null;
  readonly origin: string | null;
  readonly userAgent: string | null;
  /** The size of the body in bytes. */
  readonly bytes: number;
  /**
   * The status of the answer, also if a fault cut it off (`cut`); null without an answer (`hang`, `refuse`, `reset`,
   * `reset-after`).
   */
  readonly status: number | null;
  /** `Enabled` in the answer; null if the answer had none. */
  readonly enabled: boolean | null;
  /** The fault that the request met, as the user wrote it. */
  readonly fault: string | null;
  /** Why the request did not reach the endpoint, and what would reach it: `another path; POST to /api/consumption/events`. */
  readonly unmatched: string | null;
  /** Whether it had another path or method, and its body holds events, which the player loses. */
  readonly eventsLost: boolean;
  /** The keys of the sessions in the request. */
  readonly sessions: readonly string[];
}

/** One interval of listening: positions in seconds along the clip, and the unix seconds at which they were reached. */
export type MockInterval = readonly [from: number, to: number, clockFrom: number, clockTo: number];

/** A session in the mock's API. */
export interface MockSession {
  /** The SessionId in lower case. Each key has one session. */
  readonly key: string;
  /** The SessionId as the player wrote it. */
  readonly sessionId: string;
  /** The first well-formed ClipId of its events; null without one. */
  readonly clipId: string | null;
  readonly organizationId: string | null;
  readonly source: string | null;
  /** Unix seconds of its earliest and latest valid event; null without one. */
  readonly firstTimestamp: number | null;
  readonly lastTimestamp: number | null;
  /** The time of its first arrival in unix seconds, with fractions. */
  readonly receivedAt: number;
  /** `receivedAt` minus `lastTimestamp`: large if it was delivered late, negative if the player's clock is ahead. */
  readonly lateSeconds: number | null;
  /** Seconds of audio; null if unknown (an invalid event, or a repeated SeqNumber). */
  readonly played: number | null;
  readonly events: number;
  /**
   * The intervals in order of SeqNumber, at most the first `MAX_LISTED_INTERVALS`; empty if the order is unknown. If from > to,
   * the interval runs backwards (`position-reversed`).
   */
  readonly intervals: readonly MockInterval[];
  readonly intervalsOmitted: number;
  /** The duration of the clip in seconds, from `--clips`. */
  readonly duration: number | null;
  /** The highest severity of its findings and of those of the requests that held it. */
  readonly state: 'ok' | 'warning' | 'error';
  /** The findings of the session, then those of its requests as a whole; at most the first `MAX_LISTED_FINDINGS`. */
  readonly findings: readonly ReportedFinding[];
  readonly findingsOmitted: number;
  /** `first`: it arrived once. `resent`: it arrived again with the same events. `split`: it arrived again with other events. */
  readonly standing: 'first' | 'resent' | 'split';
  /** The numbers of the requests that held it; only the newest if there are many. */
  readonly requests: readonly number[];
}

/** The sheet of behaviours, as `GET /_mock/certify` returns it and `certify --format json` writes it. */
export interface SheetAnswer {
  readonly passed: boolean;
  readonly summary: {
    readonly right: number;
    readonly wrong: number;
    readonly notSeen: number;
    readonly required: number;
  };
  readonly behaviours: readonly BehaviourAnswer[];
  /** Remarks about the whole sheet, as sentences. */
  readonly notes: readonly string[];
}

/** A line of the sheet. */
export interface BehaviourAnswer {
  readonly behaviour: string;
  readonly title: string;
  readonly verdict: 'right' | 'wrong' | 'not-seen';
  readonly required: boolean;
  /** How often it was seen right, and wrong. */
  readonly right: number;
  readonly wrong: number;
  /** The first few observations that decide the verdict. */
  readonly observations: readonly {
    readonly evidence: string;
    /** The SessionId in lower case; null if the observation is about a request as a whole. */
    readonly sessionId: string | null;
    /** The request's number; null if a fault refused the request. */
    readonly request: number | null;
  }[];
  /** What to do next with the player; null if there is nothing to do. */
  readonly next: string | null;
}

/** The explanation of a rule, as `GET /_mock/rules` returns it and `omny-consume rules ID` prints it. */
export interface RuleText {
  readonly id: RuleId;
  /** The rule's default severity. */
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly firesWhen: string;
  /** The part of the rule that the API document does not say; null if the document says everything. */
  readonly inferred: string | null;
  readonly mend: string;
  /** Browser code that follows the rule. */
  readonly code: string | null;
  /** The points of the API document on which the rule is based. */
  readonly reference: string | null;
}

/** Of one session. */
export const MAX_LISTED_INTERVALS = 200;
/** Of one space. */
export const MAX_NOTABLE_REQUESTS = 200;
/** Of one message. */
export const MAX_MESSAGE_SESSIONS = 500;
/** Of one session, and of one message. */
export const MAX_LISTED_FINDINGS = 50;
