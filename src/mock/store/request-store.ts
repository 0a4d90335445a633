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

/** Which part of a space is asked for: `?session=`, `?clip=`, `?request=`. */
export interface Filter {
  /** Both in lower case; absent: all. */
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

/** Whether nothing is left out. */
export function isUnfiltered({ session, clip, request }: Filter): boolean {
  return session === undefined && clip === undefined && request === undefined;
}

/** @param requests Numbers of the requests that it came in. */
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
  /** From 0; null where the body was no JSON. */
  readonly number: number | null;
  readonly sessions: readonly MockSession[];
  /** Of the request itself. */
  readonly requestFindings: readonly ReportedFinding[];
  /** Of the request and of its sessions. */
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

/** Where a store shows what arrived: its own sheet, and that of all stores. */
export interface StoreSheets {
  readonly own: SheetKeeper;
  readonly total: SheetKeeper;
}

/** Diagnoses are computed again each time the number of sessions has grown by this factor. */
const LOOKED_AGAIN = 1.05;

const NO_SUBJECTS: Subjects = { sessions: [], clips: [] };

/**
 * The requests of a space since its start or reset: keeps the newest, counts all, and checks each with the rules of
 * `validate`.
 */
export class RequestStore {
  static #count = 0;
  /** Another one for each store of this process. */
  readonly number = RequestStore.#count++;
  readonly #inspector: Inspector;
  readonly #tally = new Tally();
  readonly #requests: Newest<StoredRequest>;
  readonly #bodies: Newest<StoredRequest>;
  readonly #findings: Newest<StoredFinding>;
  readonly #sessions: SessionRows;
  /** As they were when they were last looked for, and how many sessions there were. */
  #found: { readonly diagnoses: readonly Diagnosis[]; readonly sessions: number } = {
    diagnoses: [],
    sessions: 0,
  };
  #nextNumber = 0;
  #unmatched = 0;
  #lastTime = 0;

  /**
   * @param watch Sees the sessions as `options.diagnoses`.
   * @param onInspected Called with everything that is checked, in order.
   * @param sheets Null where no sheet is kept.
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

  /** The time of a request that is checked next: not before that of the one before, though its body may have come sooner. In whole milliseconds. */
  orderedTime(receivedAt: number): number {
    this.#lastTime = Math.max(this.#lastTime, Math.round(receivedAt * 1000) / 1000);
    return this.#lastTime;
  }

  /** Checks what arrived. @param receivedAt Unix seconds. */
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

  /** Applies the rules, and counts what they find. */
  #inspect(record: RequestRecord | SyntaxRecord): InspectedBody {
    const requestFindings: ReportedFinding[] = [];
    const sessions: InspectedBody['sessions'][number][] = [];
    let pending: Finding[] = [];
    for (const inspected of this.#inspector.take(record)) {
      this.#tally.add(inspected);
      this.onInspected(inspected);
      if (inspected.kind === 'finding') pending.push(inspected.finding);
      if (inspected.kind !== 'session') continue;
      // A session's findings come before it; any others are of the request, or of an event that joins no session.
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
   * Shows a request with its answer to the sheets of behaviours.
   * @param number Null for a request that a fault refused.
   */
  certify(record: RequestRecord, number: number | null, answer: Answer | null): void {
    if (!this.sheets || !record.exchange) return;
    const exchange = { ...record.exchange, answer };
    this.sheets.own.take({ ...record, exchange }, number);
    this.sheets.total.take({ ...record, exchange: { ...exchange, store: String(this.number) } }, number);
  }

  /** Keeps a request that has been answered. @param body Its text, where it was JSON. */
  add(request: MockRequest, body: string | null, subjects: Subjects = NO_SUBJECTS): void {
    if (request.unmatched !== null) this.#unmatched += 1;
    const isKept = body !== null && body.length <= LARGE_BODY_BYTES;
    const stored: StoredRequest = { request, subjects, body: isKept ? body : null };
    this.#requests.add(stored);
    if (!isKept) return;
    for (const dropped of this.#bodies.add(stored)) dropped.body = null;
  }

  /** The bugs that show in what arrived. */
  diagnoses(): readonly Diagnosis[] {
    const { sessions } = this.#tally.summary();
    this.#found = { diagnoses: diagnosesInForce(this.watch.end(), this.options), sessions };
    return this.#found.diagnoses;
  }

  /** Of all that arrived; with a filter, of what is kept. Diagnoses are computed again when the number of sessions has grown by a 20th. */
  summary(filter: Filter = {}): MockSummary {
    if (isUnfiltered(filter)) {
      const { sessions } = this.#tally.summary();
      if (sessions > LOOKED_AGAIN * this.#found.sessions) this.diagnoses();
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

  /** Of all that arrived, with the diagnoses looked for now; with a filter, of what is kept. */
  currentSummary(filter: Filter = {}): MockSummary {
    if (isUnfiltered(filter)) this.diagnoses();
    return this.summary(filter);
  }

  /** Oldest first, each with its body where that is still kept. */
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
