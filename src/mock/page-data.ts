import type { ReportedFinding, RuleId, Severity } from '../domain/finding.js';
import type { Summary } from '../validate/inspected.js';

/**
 * The messages of `_mock/events` to the page at `/` (server-sent events, relative to the page's own address, so that
 * the page of a space at `/t/NAME/` gets that space's). Every `data:` is one JSON `PageMessage`; events have no name.
 * First comes `start`, then `sessions` and `requests` with the content of the space, oldest first, then one `request`
 * for each that arrives. After a lost connection, a browser's EventSource reconnects and gets `start` again: drop
 * everything then. Every text from outside (ids, Source, messages, URLs) is text, never markup.
 */
export type PageMessage = StartMessage | SessionsMessage | RequestsMessage | RequestMessage | SettingsMessage;

/** The beginning, and what follows a reset: everything before it is void. */
export interface StartMessage {
  readonly type: 'start';
  /** The endpoint's URL to point a player at. */
  readonly endpoint: string;
  /** The NAME of `/t/NAME/`; null of the main space. */
  readonly ledger: string | null;
  /** How many of the newest sessions the mock keeps; a page need not keep more. */
  readonly keeps: number;
  readonly settings: MockSettings;
  /** Whether a sheet of behaviours is kept: `_mock/certify` has it. */
  readonly certify: boolean;
  readonly summary: MockSummary;
}

/** Sessions that arrived before the page was opened. Same meaning as those of a `request`. */
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
  /** Where it held no session; else its sessions carry them. */
  readonly findings: readonly ReportedFinding[];
}

/** A request arrived. */
export interface RequestMessage {
  readonly type: 'request';
  readonly request: MockRequest;
  /** Those it held, as they are now, at most `MAX_MESSAGE_SESSIONS`. One whose `key` is known already takes the place of the one before. */
  readonly sessions: readonly MockSession[];
  readonly sessionsOmitted: number;
  /** Those of the request itself and of events without a usable SessionId, at most `MAX_LISTED_FINDINGS`; each session carries its own. */
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
  /** What `Enabled` is answered. */
  readonly enabled: boolean;
  /** Whether a request with an error is answered with 400. */
  readonly strict: boolean;
  /** The faults as they were written: `503@p0.1`. */
  readonly faults: readonly string[];
  /** Seconds of audio from which on a session is a play. */
  readonly minDuration: number;
}

/** `validate`'s counts, of all that ever arrived, kept or not. */
export interface MockSummary extends Summary {
  /** Requests that did not reach the endpoint: another path or method, no HTTP, or a page that --forward does not let in. */
  readonly unmatched: number;
}

/** A request in the mock's API. */
export interface MockRequest {
  /** From 0, as findings name it; null where its body was not counted (a fault, another path or method). */
  readonly number: number | null;
  /** Unix seconds, with fractions. */
  readonly receivedAt: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** The value of the organizationId parameter, whatever the name's letter case. */
  readonly organizationParameter: string | null;
  /** The Content-Type header as it came. */
  readonly contentType: string | null;
  readonly origin: string | null;
  readonly userAgent: string | null;
  /** Of the body. */
  readonly bytes: number;
  /** What was answered, or would have been by a fault that breaks it off (`cut`); null where nothing was (`hang`, `refuse`, `reset`, `reset-after`). */
  readonly status: number | null;
  /** The `Enabled` that was answered; null where the answer had none. */
  readonly enabled: boolean | null;
  /** The fault that was played, as it was written. */
  readonly fault: string | null;
  /** Why it did not reach the endpoint, with what would: `another path; POST to /api/consumption/events`. */
  readonly unmatched: string | null;
  /** It had another path or method, and its body holds events: a player loses them. */
  readonly eventsLost: boolean;
  /** Keys of the sessions it held. */
  readonly sessions: readonly string[];
}

/** One interval of listening: positions in seconds along the clip, and the unix seconds at which they were reached. */
export type MockInterval = readonly [from: number, to: number, clockFrom: number, clockTo: number];

/** A session in the mock's API, complete or not. */
export interface MockSession {
  /** The SessionId in lower case: one session a key. */
  readonly key: string;
  /** As the player wrote it. */
  readonly sessionId: string;
  /** The first well-formed one; null without one. */
  readonly clipId: string | null;
  readonly organizationId: string | null;
  readonly source: string | null;
  /** Unix seconds of its earliest and latest valid event; null without one. */
  readonly firstTimestamp: number | null;
  readonly lastTimestamp: number | null;
  /** Unix seconds, with fractions, at which it first arrived. */
  readonly receivedAt: number;
  /** `receivedAt` less `lastTimestamp`: late delivery where large, a clock that is ahead where negative. */
  readonly lateSeconds: number | null;
  /** Seconds of audio; null if unknown (an invalid event, or a repeated SeqNumber). */
  readonly played: number | null;
  readonly events: number;
  /** In order of SeqNumber, where known; at most `MAX_LISTED_INTERVALS`, the first. From > to: it runs backwards (`position-reversed`). */
  readonly intervals: readonly MockInterval[];
  readonly intervalsOmitted: number;
  /** In seconds, from `--clips`. */
  readonly duration: number | null;
  /** The severest of its findings and of those of the requests that held it. */
  readonly state: 'ok' | 'warning' | 'error';
  /** Its own, then those of its requests as a whole; at most `MAX_LISTED_FINDINGS`, the first. */
  readonly findings: readonly ReportedFinding[];
  readonly findingsOmitted: number;
  /** `first`; `resent`: it came again with the same events; `split`: again, with others. */
  readonly standing: 'first' | 'resent' | 'split';
  /** Numbers of the requests that held it; of a session sent again and again the newest. */
  readonly requests: readonly number[];
}

/** The sheet of behaviours, as `GET /_mock/certify` gives it and `certify --format json` writes it. */
export interface SheetAnswer {
  readonly passed: boolean;
  readonly summary: {
    readonly right: number;
    readonly wrong: number;
    readonly notSeen: number;
    readonly required: number;
  };
  readonly behaviours: readonly BehaviourAnswer[];
  /** What to know about the whole, as sentences. */
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
  /** The first few of what decides. */
  readonly observations: readonly {
    readonly evidence: string;
    /** In lower case; null of what is about a request as a whole. */
    readonly sessionId: string | null;
    /** Null of a request that a fault refused. */
    readonly request: number | null;
  }[];
  /** What to do with the player next; null where nothing is to be done. */
  readonly next: string | null;
}

/** A rule explained, as `GET /_mock/rules` returns it and `omny-consume rules ID` prints it. */
export interface RuleText {
  readonly id: RuleId;
  /** Its default. */
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly firesWhen: string;
  /** What of the rule the API document does not say; null where it says it all. */
  readonly inferred: string | null;
  readonly mend: string;
  /** Browser code of a player that does it right. */
  readonly code: string | null;
  /** The points of the API document that it rests on. */
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
