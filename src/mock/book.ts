import type { Finding } from '../domain/finding.js';
import { guidKey } from '../domain/guid.js';
import type { Answer, RequestRecord, SyntaxRecord } from '../domain/record.js';
import { Inspector } from '../validate/inspect.js';
import type { Inspected } from '../validate/inspected.js';
import type { InspectOptions } from '../validate/options.js';
import { type ReportedFinding, reported } from '../validate/reported-finding.js';
import { Tally } from '../validate/tally.js';
import { type About, type Filter, isAll, matches } from './filter.js';
import { type Keep, LARGE_BODY_BYTES } from './limits.js';
import { Newest } from './newest.js';
import type { MockRequest, MockSession, MockSummary } from './page-data.js';
import { type ArrivedSession, arrivedSession, sampleOf } from './session-row.js';
import { SessionRows } from './session-rows.js';

/** What a request came to when its body was checked. */
export interface Checked {
  /** From 0; null where the body was no JSON. */
  readonly number: number | null;
  readonly sessions: readonly MockSession[];
  /** Of the request itself. */
  readonly findings: readonly ReportedFinding[];
  /** All that it drew. */
  readonly all: readonly ReportedFinding[];
  /** Whether one of them has severity error. */
  readonly invalid: boolean;
  readonly about: About;
}

interface KeptRequest {
  readonly request: MockRequest;
  readonly about: About;
  body: string | null;
}

interface KeptFinding {
  readonly finding: ReportedFinding;
  readonly about: About;
}

const NOBODY: About = { sessions: [], clips: [] };

/** What arrived at a ledger since it was begun or reset: keeps the newest, counts all, checks each with the rules of `validate`. */
export class Book {
  readonly #inspector: Inspector;
  readonly #tally = new Tally();
  readonly #requests: Newest<KeptRequest>;
  readonly #bodies: Newest<KeptRequest>;
  readonly #findings: Newest<KeptFinding>;
  readonly #sessions: SessionRows;
  #number = 0;
  #unmatched = 0;

  /** @param onInspected Told of everything, in order. */
  constructor(
    readonly options: InspectOptions,
    readonly keep: Keep,
    readonly onInspected: (inspected: Inspected) => void,
  ) {
    this.#inspector = new Inspector(options);
    this.#requests = new Newest(keep.requests, keep.parts, ({ about }) => about.sessions.length);
    this.#bodies = new Newest(keep.requests, keep.bodyLength, ({ body }) => body?.length ?? 0);
    this.#findings = new Newest(keep.findings);
    this.#sessions = new SessionRows(keep.sessions, keep.parts);
  }

  /** Checks what arrived. @param receivedAt Unix seconds. */
  check(record: RequestRecord | SyntaxRecord, receivedAt: number): Checked {
    const number = record.kind === 'request' ? this.#number++ : null;
    const ofRequest: ReportedFinding[] = [];
    const parts: { readonly arrived: ArrivedSession; readonly findings: ReportedFinding[] }[] = [];
    let held: Finding[] = [];
    for (const inspected of this.#inspector.take(record)) {
      this.#tally.add(inspected);
      this.onInspected(inspected);
      if (inspected.kind === 'finding') held.push(inspected.finding);
      if (inspected.kind !== 'session') continue;
      // Its findings come before it; what else has come is of the request, or of an event that joins no session.
      const { key } = inspected.session;
      const own: ReportedFinding[] = [];
      for (const finding of held) {
        const its = finding.sessionId !== null && guidKey(finding.sessionId) === key;
        (its ? own : ofRequest).push(reported(finding));
      }
      held = [];
      parts.push({ arrived: arrivedSession(inspected), findings: own });
    }
    ofRequest.push(...held.map(reported));
    const shared = sampleOf(ofRequest);
    const rows = parts.map(({ arrived, findings }) =>
      this.#sessions.put(arrived, {
        receivedAt,
        request: number ?? 0,
        own: sampleOf(findings),
        shared,
        clipDurations: this.options.clipDurations,
      }),
    );
    const about = aboutAll(rows);
    for (const finding of ofRequest) this.#findings.add({ finding, about });
    for (const [n, row] of rows.entries()) {
      const its = aboutAll([row]);
      for (const finding of parts[n]!.findings) this.#findings.add({ finding, about: its });
    }
    const all = [...ofRequest, ...parts.flatMap(({ findings }) => findings)];
    const invalid = all.some(({ severity }) => severity === 'error');
    return { number, sessions: rows, findings: ofRequest, all, invalid, about };
  }

  /** Tells how a request that was checked is answered. */
  answered(number: number, answer: Answer): void {
    this.#inspector.answered(number, answer);
  }

  /** Keeps a request that has been answered. @param body Its text, where it was JSON. */
  add(request: MockRequest, body: string | null, about: About = NOBODY): void {
    if (request.unmatched !== null) this.#unmatched += 1;
    const kept = { request, about, body: body !== null && body.length <= LARGE_BODY_BYTES ? body : null };
    this.#requests.add(kept);
    if (kept.body === null) return;
    for (const gone of this.#bodies.add(kept)) gone.body = null;
  }

  /** Of all that arrived; with a filter, of what is kept. */
  summary(filter: Filter = {}): MockSummary {
    if (isAll(filter)) return { ...this.#tally.summary(), unmatched: this.#unmatched };
    const sessions = this.sessions(filter);
    const findings = this.findings(filter);
    const counted = (severity: Finding['severity']) =>
      findings.filter((finding) => finding.severity === severity).length;
    return {
      files: 0,
      requests: this.requests(filter).filter(({ number }) => number !== null).length,
      sessions: sessions.length,
      events: sessions.reduce((sum, { events }) => sum + events, 0),
      errors: counted('error'),
      warnings: counted('warning'),
      infos: counted('info'),
      playedSeconds: sessions.reduce((sum, { played }) => sum + Math.round((played ?? 0) * 1000), 0) / 1000,
      unmatched: 0,
    };
  }

  /** Oldest first, each with its body where that is still kept. */
  requests(filter: Filter = {}): (MockRequest & { readonly body: unknown })[] {
    return this.#requests
      .items()
      .filter(({ about }) => isAll(filter) || matches(about, filter))
      .map(({ request, body }) => ({ ...request, body: body === null ? null : JSON.parse(body) }));
  }

  /** Oldest first. */
  sessions(filter: Filter = {}): MockSession[] {
    return this.#sessions.all().filter((row) => isAll(filter) || matches(aboutAll([row]), filter));
  }

  /** Oldest first. */
  findings(filter: Filter = {}): ReportedFinding[] {
    return this.#findings
      .items()
      .filter(({ about }) => isAll(filter) || matches(about, filter))
      .map(({ finding }) => finding);
  }
}

function aboutAll(rows: readonly MockSession[]): About {
  return {
    sessions: rows.map(({ key }) => key),
    clips: [...new Set(rows.flatMap(({ clipId }) => (clipId === null ? [] : [guidKey(clipId)])))],
  };
}
