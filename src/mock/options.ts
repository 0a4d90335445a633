import type { BehaviourId } from '../certify/define.js';
import type { Clock } from '../domain/clock.js';
import type { DiagnosisId, Finding, ReportedFinding, RuleId } from '../domain/finding.js';
import { guidKey } from '../domain/guid.js';
import type { Session } from '../domain/session.js';
import { INSPECT_DEFAULTS, type InspectOptions, type SeverityInForce } from '../validate/options.js';
import type { MockRequest } from './page-data.js';

/** Where requests are passed on to. */
export interface ForwardSettings {
  /** The endpoint's URL, without an organization and without credentials. */
  readonly url: string;
  /** The Authorization header that it asks for. */
  readonly authorization: string | null;
  /** Passes on sessions, too, that `simulate` made. */
  readonly allowSimulated: boolean;
  /** Origins of browser pages whose requests are accepted, in addition to the mock's own. */
  readonly allowOrigins?: readonly string[] | undefined;
}

/** How a mock endpoint is started. */
export interface MockOptions {
  /** 8787 by default; 0 takes any free one. */
  readonly port?: number | undefined;
  /** The address to listen at; 127.0.0.1 by default: nobody else on the network can reach it. */
  readonly host?: string | undefined;
  /** Host names for the page and the control API, in addition to localhost and the address itself. */
  readonly allowHosts?: readonly string[] | undefined;
  /** `KIND[=ARG][@WHEN]`, as `--fault` takes them; the first that matches wins. */
  readonly faults?: readonly string[] | undefined;
  /** Of the faults with a share (`503@p0.1`); 0 by default. */
  readonly seed?: number | undefined;
  /** What is answered for `Enabled`; true by default. */
  readonly enabled?: boolean | undefined;
  /** Answers 400 to a request with an error. */
  readonly strict?: boolean | undefined;
  /** Keeps a sheet of the behaviours that the player shows, as `omny-consume certify` writes it; each request is then checked more than once. */
  readonly certify?: boolean | undefined;
  /** Behaviours that must be seen right for the sheet to pass; implies `certify`. */
  readonly require?: 'all' | readonly BehaviourId[] | undefined;
  /** PEM texts: the mock speaks https. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly forward?: ForwardSettings | undefined;
  /** Rules and diagnoses with a severity other than their own. */
  readonly rules?: Readonly<Partial<Record<RuleId | DiagnosisId, SeverityInForce>>> | undefined;
  /** Played seconds under which a session is too short; 10 by default. */
  readonly minDuration?: number | undefined;
  /** Highest playback speed to accept, as a factor; 4 by default. */
  readonly maxSpeed?: number | undefined;
  /** Durations in seconds by ClipId. */
  readonly clipDurations?: Readonly<Record<string, number>> | ReadonlyMap<string, number> | undefined;
  /** Unix seconds that count as now for the rules; by default the clock's. */
  readonly now?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Is handed each body that was JSON, on one line without its end, and is waited for before the request is answered. */
  readonly record?: ((body: string) => Promise<void>) | undefined;
  /** Is handed each request whose body was read, as an entry of a HAR, and is waited for before the request is answered. */
  readonly recordHar?: ((entry: string) => Promise<void>) | undefined;
  /** Called with each session when it first arrives; it holds until the next. */
  readonly onSession?: ((session: Session) => void) | undefined;
  /** Called with each request when its answer is known. */
  readonly onRequest?: ((request: AnsweredRequest) => void) | undefined;
  /** Called with each finding, of any space. */
  readonly onFinding?: ((finding: Finding) => void) | undefined;
  /** Called with an error of the mock's own, whose request was answered 500; without it the error is thrown. */
  readonly onBug?: ((error: unknown) => void) | undefined;
}

/** A request whose answer is known, for `onRequest`. */
export interface AnsweredRequest {
  readonly request: MockRequest;
  /** NAME of `/t/NAME/`; null for the main space. */
  readonly ledger: string | null;
  /** Of the request and of its sessions. */
  readonly findings: readonly ReportedFinding[];
  /** Why it was not passed on, or not answered by the endpoint behind `forward`. Null where all is well, or `forward` is not set. */
  readonly notForwarded: string | null;
}

/**
 * The settings of the rules.
 * @param remember SessionIds by which a session sent again is known.
 * @param watching What watches the inspection.
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
    // A mock may run for days: what counts as now moves with it.
    get now() {
      return now ?? clock.unixSeconds();
    },
  };
}

/** Largest request body, in bytes. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Of all bodies being read at once, in bytes; past it a request is answered 503. */
export const MAX_BODY_BYTES_AT_ONCE = 256 * 1024 * 1024;

/** Events in a request: 5 MB of real ones. Without it, a body of a million `{}` would cause an unlimited number of findings. */
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
