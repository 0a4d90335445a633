import { SEVERITIES } from '../../../domain/finding.js';
import type {
  MockInterval,
  MockRequest,
  MockSession,
  MockSettings,
  MockSummary,
  NotableRequest,
  PageMessage,
  RequestMessage,
} from '../../page-data.js';
import { farthest } from './timeline.js';

export type State = MockSession['state'];
export type Findings = MockSession['findings'];

/** A session as a row of the list. */
export interface SessionRow {
  readonly kind: 'session';
  readonly id: string;
  readonly state: State;
  readonly findings: Findings;
  readonly receivedAt: number;
  /** The ClipId in lower case; null if the session has no well-formed one. */
  readonly clip: string | null;
  readonly session: MockSession;
}

/** A request without a session that has findings: its body could not be read, or it has no events, or no usable SessionId. */
export interface RequestRow {
  readonly kind: 'request';
  readonly id: string;
  readonly state: State;
  readonly findings: Findings;
  readonly receivedAt: number;
  readonly clip: null;
  readonly request: MockRequest;
}

export type ListRow = SessionRow | RequestRow;

/** A clip, with what its sessions show about it. */
export interface ListClip {
  readonly key: string;
  /** The ClipId as first written. */
  readonly id: string;
  /** The duration in seconds; 0 if unknown. */
  known: number;
  /** The farthest position of a session without an error. */
  farthest: number;
}

/** How many unmatched requests, and how many answered with a fault, are kept. */
const MAX_OTHER_REQUESTS = 50;

/** The content of the page: the newest sessions and requests, the counts and the settings. */
export class RequestLog {
  endpoint = '';
  name: string | null = null;
  /** Whether the mock keeps a sheet of behaviours. */
  certify = false;
  settings: MockSettings = { enabled: true, strict: false, faults: [], minDuration: 10 };
  summary: MockSummary | null = null;
  /** Unmatched requests, newest first. */
  unmatched: MockRequest[] = [];
  /** Requests that were answered with a fault, newest first. */
  faulted: MockRequest[] = [];
  readonly clips = new Map<string, ListClip>();
  readonly #rows = new Map<string, ListRow>();
  #keeps = Number.POSITIVE_INFINITY;

  /** The number of rows of all states and clips. */
  get size(): number {
    return this.#rows.size;
  }

  /** The rows, newest first. */
  rows(): ListRow[] {
    return [...this.#rows.values()].reverse().toSorted((a, b) => b.receivedAt - a.receivedAt);
  }

  /** The intervals of the plays that the portal would count for the clip. */
  plays(clip: string): (readonly MockInterval[])[] {
    const { minDuration } = this.settings;
    const found: (readonly MockInterval[])[] = [];
    for (const row of this.#rows.values()) {
      if (row.kind === 'session' && row.clip === clip && countsAsPlay(row.session, minDuration))
        found.push(row.session.intervals);
    }
    return found;
  }

  take(message: PageMessage): void {
    if (message.type === 'settings') {
      this.settings = message.settings;
    } else if (message.type === 'start') {
      this.#rows.clear();
      this.clips.clear();
      this.unmatched = [];
      this.faulted = [];
      this.endpoint = message.endpoint;
      this.name = message.space;
      this.certify = message.certify;
      this.settings = message.settings;
      this.summary = message.summary;
      this.#keeps = message.keeps;
    } else if (message.type === 'requests') {
      for (const request of message.requests) this.#takeNotable(request);
    } else {
      for (const session of message.sessions) this.#hold(rowOf(session));
      if (message.type === 'request') this.#takeRequest(message);
    }
  }

  #takeRequest({ request, sessions, findings, summary }: RequestMessage): void {
    this.summary = summary;
    this.#takeNotable({ request, findings: sessions.length === 0 ? findings : [] });
  }

  #takeNotable({ request, findings }: NotableRequest): void {
    if (request.unmatched !== null) {
      this.unmatched = [request, ...this.unmatched].slice(0, MAX_OTHER_REQUESTS);
      return;
    }
    if (request.fault !== null) this.faulted = [request, ...this.faulted].slice(0, MAX_OTHER_REQUESTS);
    if (findings.length === 0) return;
    const { receivedAt } = request;
    const id = `request ${request.number ?? receivedAt}`;
    this.#hold({ kind: 'request', id, state: worst(findings), findings, receivedAt, clip: null, request });
  }

  #hold(row: ListRow): void {
    this.#rows.set(row.id, row);
    if (row.kind === 'session') this.#measure(row);
    if (this.#rows.size > this.#keeps) this.#rows.delete(this.#rows.keys().next().value!);
  }

  #measure({ clip, session, state }: SessionRow): void {
    if (clip === null) return;
    const held = this.clips.get(clip) ?? { key: clip, id: session.clipId ?? clip, known: 0, farthest: 0 };
    held.known = session.duration ?? held.known;
    if (state !== 'error') held.farthest = Math.max(held.farthest, farthest(session.intervals));
    this.clips.set(clip, held);
  }
}

/** The duration of a clip in seconds: the given one, or else the farthest position heard, rounded up. */
export function durationOf(clip: ListClip | undefined): number {
  return clip === undefined ? 0 : clip.known || Math.ceil(clip.farthest);
}

function rowOf(session: MockSession): SessionRow {
  const { key, state, receivedAt } = session;
  const findings = worstFirst(session.findings);
  const clip = session.clipId?.toLowerCase() ?? null;
  return { kind: 'session', id: key, state, findings, receivedAt, clip, session };
}

function worstFirst(findings: Findings): Findings {
  return findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function worst(findings: Findings): State {
  if (findings.some(({ severity }) => severity === 'error')) return 'error';
  return findings.some(({ severity }) => severity === 'warning') ? 'warning' : 'ok';
}

/** Rules about a request: they do not change what its sessions say. */
export const RULES_OF_REQUESTS: readonly string[] = [
  'request-shape',
  'source-unknown',
  'source-reserved',
  'events-empty',
  'not-completed',
  'organization-mismatch',
  'session-split',
  'session-resent',
  'session-sent-again',
  'sent-after-disabled',
  'content-type',
  'event-leaked',
  'endpoint-path',
  'organization-parameter',
];

/** Whether `report` counts the session as a verified play: no error in its events or their order, and long enough. */
export function countsAsPlay(
  { played, findings }: Pick<MockSession, 'played' | 'findings'>,
  minDuration: number,
): boolean {
  if (played === null || played < minDuration) return false;
  return !findings.some(({ severity, rule }) => severity === 'error' && !RULES_OF_REQUESTS.includes(rule));
}
