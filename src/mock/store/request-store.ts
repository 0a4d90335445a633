import type { Diagnoses } from '../../diagnoses/diagnoses.js';
import type { Diagnosis, Finding, ReportedFinding } from '../../domain/finding.js';
import { guidKey } from '../../domain/guid.js';
import { Newest } from '../../domain/newest-map.js';
import type { Answer, RequestRecord, SyntaxRecord } from '../../domain/record.js';
import { Inspector } from '../../validate/inspect.js';
import { type Inspected, Tally } from '../../validate/inspected.js';
import { diagnosesInForce, type InspectOptions } from '../../validate/options.js';
import { reported } from '../../validate/validate.js';
import { LARGE_BODY_BYTES, type StoreLimits } from '../options.js';
import type { MockRequest, MockSession, MockSummary } from '../page-data.js';
import { type ArrivedSession, arrivedSession, SessionRows, sampleOf } from './session-rows.js';
import type { SheetKeeper } from './sheet-keeper.js';

/** The part of a space to return: `?session=`, `?clip=`, `?request=`. */
export interface Filter {
  /** A SessionId and a ClipId in lower case; absent: all. */
  readonly session?: string | undefined;
  readonly clip?: string | undefined;
  /** A request's number. */
  readonly request?: number | undefined;
}

/** The sessions and clips that a request or a finding is about, in lower case. */
export interface Subjects {
  readonly sessions: readonly string[];
  readonly clips: readonly string[];
}

export function parseFilter(query: URLSearchParams): Filter {
  const [session, clip, request] = [query.get('session'), query.get('clip'), query.get('request')];
  return {
    session: session === null ? undefined : guidKey(session),
    clip: clip === null ? undefined : guidKey(clip),
    request: request === null ? undefined : Number(request),
  };
}

/** Whether a filter leaves out nothing. */
export function isUnfiltered({ session, clip, request }: Filter): boolean {
  return session === undefined && clip === undefined && request === undefined;
}

/** Whether a session, request or finding matches a filter. @param requests The numbers of the requests that held it. */
export function matches(
  { sessions, clips }: Subjects,
  requests: readonly (number | null)[],
  { session, clip, request }: Filter,
): boolean {
  if (session !== undefined && !sessions.includes(session)) return false;
  if (request !== undefined && !requests.includes(request)) return false;
  return clip === undefined || clips.includes(clip);
}

/** What the rules found in the body of a request. */
export interface CheckedBody {
  /** The request's number, from 0; null if the body was not JSON. */
  readonly number: number | null;
  readonly sessions: readonly MockSession[];
  /** The findings of the request itself. */
  readonly requestFindings: readonly ReportedFinding[];
  /** The findings of the request and of its sessions. */
  readonly findings: readonly ReportedFinding[];
  /** Whether one of them has severity error. */
  readonly invalid: boolean;
  readonly subjects: Subjects;
}

interface InspectedBody {
  readonly requestFindings: readonly ReportedFinding[];
  readonly sessions: readonly { readonly session: ArrivedSession; readonly findings: ReportedFinding[] }[];
}

interface StoredRequest {
  readonly request: MockRequest;
  readonly subjects: Subjects;
  body: string | null;
}

interface StoredFinding {
  readonly finding: ReportedFinding;
  readonly subjects: Subjects;
}

/** The sheets to which a store adds its requests: its own sheet, and the sheet of all stores. */
export interface StoreSheets {
  readonly own: SheetKeeper;
  readonly total: SheetKeeper;
}

/** Diagnoses are computed again each time the number of sessions has grown by this factor. */
const RECOMPUTE_FACTOR = 1.05;

const NO_SUBJECTS: Subjects = { sessions: [], clips: [] };

/**
 * The requests of a space since its start or reset: keeps the newest, counts all, and checks each with the rules of
 * `validate`.
 */
export class RequestStore {
  static #count = 0;
  /** The number of the store, unique in this process. */
  readonly number = RequestStore.#count++;
  readonly #inspector: Inspector;
  readonly #tally = new Tally();
  readonly #requests: Newest<StoredRequest>;
  readonly #bodies: Newest<StoredRequest>;
  readonly #findings: Newest<StoredFinding>;
  readonly #sessions: SessionRows;
  /** The result of the last search for diagnoses, and the number of sessions at that time. */
  #found: { readonly diagnoses: readonly Diagnosis[]; readonly sessions: number } = {
    diagnoses: [],
    sessions: 0,
  };
  #nextNumber = 0;
  #unmatched = 0;
  #lastTime = 0;

  /**
   * @param watch Looks for diagnoses in the sessions; `options.diagnoses` must pass them to it.
   * @param onInspected Called with everything that is checked, in order.
   * @param sheets Null if the mock keeps no sheets.
   */
  constructor(
    readonly options: InspectOptions,
    readonly watch: Diagnoses,
    limits: StoreLimits,
    readonly onInspected: (inspected: Inspected) => void,
    readonly sheets: StoreSheets | null = null,
  ) {
    const { requests: maxCount, findings, sessions, parts, bodyLength } = limits;
    this.#inspector = new Inspector(options);
    this.#requests = new Newest({
      maxCount,
      maxWeight: parts,
      weigh: ({ subjects }) => subjects.sessions.length,
    });
    this.#bodies = new Newest({ maxCount, maxWeight: bodyLength, weigh: ({ body }) => body?.length ?? 0 });
    this.#findings = new Newest({ maxCount: findings });
    this.#sessions = new SessionRows(sessions, parts);
  }

  /**
   * The time for the request that is checked next, in whole milliseconds. Never before the time of the last checked request,
   * although this request may have started earlier.
   */
  orderedTime(receivedAt: number): number {
    this.#lastTime = Math.max(this.#lastTime, Math.round(receivedAt * 1000) / 1000);
    return this.#lastTime;
  }

  /** Checks a request that arrived. @param receivedAt Unix seconds. */
  check(record: RequestRecord | SyntaxRecord, receivedAt: number): CheckedBody {
    const number = record.kind === 'request' ? this.#nextNumber++ : null;
    const { requestFindings, sessions } = this.#inspect(record);
    const shared = sampleOf(requestFindings);
    const { clipDurations } = this.options;
    const rows = sessions.map(({ session, findings }) => {
      const own = sampleOf(findings);
      return this.#sessions.put(session, { receivedAt, request: number ?? 0, own, shared, clipDurations });
    });
    const subjects = subjectsOf(rows);
    this.#addFindings(requestFindings, subjects);
    for (const [i, { findings }] of sessions.entries()) this.#addFindings(findings, subjectsOf([rows[i]!]));
    const findings = [...requestFindings, ...sessions.flatMap(({ findings: own }) => own)];
    const invalid = findings.some(({ severity }) => severity === 'error');
    return { number, sessions: rows, requestFindings, findings, invalid, subjects };
  }

  /** Applies the rules, and counts their findings. */
  #inspect(record: RequestRecord | SyntaxRecord): InspectedBody {
    const requestFindings: ReportedFinding[] = [];
    const sessions: InspectedBody['sessions'][number][] = [];
    let pending: Finding[] = [];
    for (const inspected of this.#inspector.take(record)) {
      this.#tally.add(inspected);
      this.onInspected(inspected);
      if (inspected.kind === 'finding') pending.push(inspected.finding);
      if (inspected.kind !== 'session') continue;
      // The findings of a session arrive before the session. All others belong to the request, or to an event without a
      // session.
      const { key } = inspected.session;
      const findings: ReportedFinding[] = [];
      for (const finding of pending) {
        const ofSession = finding.sessionId !== null && guidKey(finding.sessionId) === key;
        (ofSession ? findings : requestFindings).push(reported(finding));
      }
      pending = [];
      sessions.push({ session: arrivedSession(inspected), findings });
    }
    requestFindings.push(...pending.map(reported));
    return { requestFindings, sessions };
  }

  #addFindings(findings: readonly ReportedFinding[], subjects: Subjects): void {
    for (const finding of findings) this.#findings.add({ finding, subjects });
  }

  /** Sets the response of a request that was checked. */
  answered(number: number, answer: Answer): void {
    this.#inspector.answered(number, answer);
  }

  /**
   * Adds a request with its answer to the sheets of behaviours.
   * @param number Null for a request that a fault refused.
   */
  certify(record: RequestRecord, number: number | null, answer: Answer | null): void {
    if (!this.sheets || !record.exchange) return;
    const exchange = { ...record.exchange, answer };
    this.sheets.own.take({ ...record, exchange }, number);
    this.sheets.total.take({ ...record, exchange: { ...exchange, store: String(this.number) } }, number);
  }

  /** Stores a request that was answered. @param body Its text if it is JSON; otherwise null. */
  add(request: MockRequest, body: string | null, subjects: Subjects = NO_SUBJECTS): void {
    if (request.unmatched !== null) this.#unmatched += 1;
    const isKept = body !== null && body.length <= LARGE_BODY_BYTES;
    const stored: StoredRequest = { request, subjects, body: isKept ? body : null };
    this.#requests.add(stored);
    if (!isKept) return;
    for (const dropped of this.#bodies.add(stored)) dropped.body = null;
  }

  /** The diagnoses of everything that arrived. */
  diagnoses(): readonly Diagnosis[] {
    const { sessions } = this.#tally.summary();
    this.#found = { diagnoses: diagnosesInForce(this.watch.end(), this.options), sessions };
    return this.#found.diagnoses;
  }

  /**
   * The counts of everything that arrived; with a filter, of what is still stored. Diagnoses are computed again when the number
   * of sessions has grown by a 20th.
   */
  summary(filter: Filter = {}): MockSummary {
    if (isUnfiltered(filter)) {
      const { sessions } = this.#tally.summary();
      if (sessions > RECOMPUTE_FACTOR * this.#found.sessions) this.diagnoses();
      return { ...this.#tally.summary(this.#found.diagnoses.length), unmatched: this.#unmatched };
    }
    const sessions = this.sessions(filter);
    const findings = this.findings(filter);
    const countOf = (severity: Finding['severity']) =>
      findings.filter((finding) => finding.severity === severity).length;
    return {
      files: 0,
      requests: this.requests(filter).filter(({ number }) => number !== null).length,
      sessions: sessions.length,
      events: sessions.reduce((sum, { events }) => sum + events, 0),
      unreadable: findings.filter(({ rule }) => rule === 'syntax').length,
      errors: countOf('error'),
      diagnoses: 0,
      warnings: countOf('warning'),
      infos: countOf('info'),
      playedSeconds: sessions.reduce((sum, { played }) => sum + Math.round((played ?? 0) * 1000), 0) / 1000,
      unmatched: 0,
    };
  }

  /** The same counts, but without a filter the diagnoses are always computed again. */
  currentSummary(filter: Filter = {}): MockSummary {
    if (isUnfiltered(filter)) this.diagnoses();
    return this.summary(filter);
  }

  /** The stored requests, oldest first, each with its body if that is still stored. */
  requests(filter: Filter = {}): (MockRequest & { readonly body: unknown })[] {
    return this.#requests
      .items()
      .filter(({ request, subjects }) => matches(subjects, [request.number], filter))
      .map(({ request, body }) => ({ ...request, body: body === null ? null : JSON.parse(body) }));
  }

  /** Oldest first. */
  sessions(filter: Filter = {}): MockSession[] {
    return this.#sessions
      .all()
      .filter((row) => isUnfiltered(filter) || matches(subjectsOf([row]), row.requests, filter));
  }

  /** Oldest first. */
  findings(filter: Filter = {}): ReportedFinding[] {
    return this.#findings
      .items()
      .filter(({ finding, subjects }) => matches(subjects, [finding.request], filter))
      .map(({ finding }) => finding);
  }
}

function subjectsOf(rows: readonly MockSession[]): Subjects {
  return {
    sessions: rows.map(({ key }) => key),
    clips: [...new Set(rows.flatMap(({ clipId }) => (clipId === null ? [] : [guidKey(clipId)])))],
  };
}
