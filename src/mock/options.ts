import type { BehaviourId } from '../certify/define.js';
import type { Clock } from '../domain/clock.js';
import type { DiagnosisId, Finding, ReportedFinding, RuleId } from '../domain/finding.js';
import { guidKey } from '../domain/guid.js';
import type { Session } from '../domain/session.js';
import { INSPECT_DEFAULTS, type InspectOptions, type SeverityInForce } from '../validate/options.js';
import type { MockRequest } from './page-data.js';

/** The settings for forwarding requests. */
export interface ForwardSettings {
  /** The endpoint's URL, without an organization and without credentials. */
  readonly url: string;
  /** The Authorization header with the URL's credentials; null without any. */
  readonly authorization: string | null;
  /** Also forwards sessions that `simulate` made. */
  readonly allowSimulated: boolean;
  /** Origins of browser pages whose requests are accepted, in addition to the mock's own. */
  readonly allowOrigins?: readonly string[] | undefined;
}

/** The options of a mock endpoint. */
export interface MockOptions {
  /** The port; 8787 by default. 0 chooses a free one. */
  readonly port?: number | undefined;
  /** The address to listen at; 127.0.0.1 by default, which no other machine can reach. */
  readonly host?: string | undefined;
  /** Host names that requests for the page and the control API may use, in addition to localhost and the address itself. */
  readonly allowHosts?: readonly string[] | undefined;
  /** Faults as for `--fault`: `KIND[=ARG][@WHEN]`. The first one that matches a request is used. */
  readonly faults?: readonly string[] | undefined;
  /** The seed of faults with a share (`503@p0.1`); 0 by default. */
  readonly seed?: number | undefined;
  /** The `Enabled` of answers; true by default. */
  readonly enabled?: boolean | undefined;
  /** Answers 400 to a request with an error. */
  readonly strict?: boolean | undefined;
  /** Keeps a sheet of the behaviours that the player shows, as `omny-consume certify` writes it; each request is then checked more than once. */
  readonly certify?: boolean | undefined;
  /** Behaviours that must be seen right for the sheet to pass; implies `certify`. */
  readonly require?: 'all' | readonly BehaviourId[] | undefined;
  /** Certificate and key as PEM texts, for https. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly forward?: ForwardSettings | undefined;
  /** Rules and diagnoses with a severity other than their own. */
  readonly rules?: Readonly<Partial<Record<RuleId | DiagnosisId, SeverityInForce>>> | undefined;
  /** A session with fewer seconds played is too short; 10 by default. */
  readonly minDuration?: number | undefined;
  /** Highest playback speed to accept, as a factor; 4 by default. */
  readonly maxSpeed?: number | undefined;
  /** Durations in seconds by ClipId. */
  readonly clipDurations?: Readonly<Record<string, number>> | ReadonlyMap<string, number> | undefined;
  /** The current time for the rules in unix seconds; by default the clock's. */
  readonly now?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Called with each body that is JSON, on one line without a line end. The request is answered when the promise resolves. */
  readonly record?: ((body: string) => Promise<void>) | undefined;
  /** Called with each request whose body was read, as a HAR entry. The request is answered when the promise resolves. */
  readonly recordHar?: ((entry: string) => Promise<void>) | undefined;
  /** Called with each session when it first arrives. The object is valid only until the next session. */
  readonly onSession?: ((session: Session) => void) | undefined;
  /** Called with each request when its answer is known. */
  readonly onRequest?: ((request: AnsweredRequest) => void) | undefined;
  /** Called with each finding of every space. */
  readonly onFinding?: ((finding: Finding) => void) | undefined;
  /** Called with an error inside the mock, after its request was answered 500. Without this function, the error is thrown. */
  readonly onBug?: ((error: unknown) => void) | undefined;
}

/** A request whose answer is known, for `onRequest`. */
export interface AnsweredRequest {
  readonly request: MockRequest;
  /** NAME of `/t/NAME/`; null for the main space. */
  readonly space: string | null;
  /** The findings of the request and of its sessions. */
  readonly findings: readonly ReportedFinding[];
  /**
   * Why the request was not forwarded, or what was wrong with the real endpoint's answer. Null if nothing was wrong, and
   * without `forward`.
   */
  readonly notForwarded: string | null;
}

/**
 * The settings of the rules.
 * @param remember How many SessionIds to remember, to recognize a session that is sent again.
 * @param watching The objects that watch the inspection.
 */
export function ruleOptions(
  options: MockOptions,
  clock: Clock,
  remember: number,
  watching: Pick<InspectOptions, 'certify' | 'diagnoses' | 'separateStores'> = {},
): InspectOptions {
  const { clipDurations = {}, rules = {}, now } = options;
  const clips = clipDurations instanceof Map ? clipDurations : Object.entries(clipDurations);
  return {
    remember,
    ...watching,
    minDuration: options.minDuration ?? INSPECT_DEFAULTS.minDuration,
    maxSpeed: options.maxSpeed ?? INSPECT_DEFAULTS.maxSpeed,
    clipDurations: new Map([...clips].map(([id, seconds]) => [guidKey(id), seconds])),
    severities: new Map(Object.entries(rules)) as InspectOptions['severities'],
    // A mock can run for days, so the current time must not be fixed at the start.
    get now() {
      return now ?? clock.unixSeconds();
    },
  };
}

/** Largest request body, in bytes. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** The largest size of all bodies that are being read together, in bytes. Beyond it, requests are answered 503. */
export const MAX_BODY_BYTES_AT_ONCE = 256 * 1024 * 1024;

/**
 * The most events in a request, about 5 MB of real ones. Without this limit, a body of a million `{}` would cause a million
 * findings or more.
 */
export const MAX_EVENTS = 20_000;

/** The most values in a request body, at all levels. */
export const MAX_BODY_VALUES = 200_000;

/** The depth of longer bodies is checked before they are parsed, in UTF-16 units. */
export const SHALLOW_LENGTH = 64 * 1024;

/** Larger bodies are not kept for `/_mock/requests`, and findings in them have no line and column, in bytes. */
export const LARGE_BODY_BYTES = 1024 * 1024;

/** How many bytes of a body that is too large are still read and discarded, so that its sender can read the answer. */
export const MAX_DISCARDED_BYTES = 100 * 1024 * 1024;

/** The largest body of a request to the control API, in bytes. */
export const MAX_CONTROL_BYTES = 64 * 1024;

/** The largest size of all headers of a request, in bytes. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** Time limits from the first byte of a request to the end of its headers, and to its end, in milliseconds. */
export const HEADERS_TIMEOUT_MS = 10_000;
export const REQUEST_TIMEOUT_MS = 60_000;

/** A page that has more unread messages than this is disconnected, in bytes. */
export const MAX_UNREAD_BYTES = 1024 * 1024;

/** The most connections at the same time. Beyond it, the one that has been idle longest is closed. */
export const MAX_CONNECTIONS = 1000;

/** The longest timeout of `wait`, in seconds. */
export const MAX_WAIT_SECONDS = 600;

/** How long to wait for requests in progress when the mock stops, in milliseconds. */
export const SETTLE_MS = 2000;

/** How many of the newest sessions, requests and findings a space keeps. Its counts include all. */
export interface StoreLimits {
  readonly requests: number;
  readonly sessions: number;
  readonly findings: number;
  /** The size of all request bodies kept, in UTF-16 units. */
  readonly bodyLength: number;
  /**
   * The most parts (such as intervals and findings) that all sessions or requests kept may have: limits the memory for
   * maliciously large ones.
   */
  readonly parts: number;
  /** How many SessionIds are remembered, to recognize a session that is sent again. */
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

/** The limits of a space at `/t/NAME/`. */
export const NAMED_LIMITS: StoreLimits = {
  requests: 1000,
  sessions: 1000,
  findings: 1000,
  bodyLength: 256 * 1024,
  parts: 10_000,
  remembered: 2000,
};

/** The most spaces at `/t/NAME/`. Beyond it, the one that has not been used for the longest time is deleted. */
export const MAX_SPACES = 200;
