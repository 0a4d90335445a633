import type { MockAnswer } from './answer.js';
import type { Asked } from './asked.js';
import type { Book, Checked } from './book.js';
import type { Fault } from './fault-spec.js';
import { lateBy } from './fault-wire.js';
import type { EndpointParts, Incoming } from './incoming.js';
import { MOST_FINDINGS, MOST_SESSIONS, type MockRequest } from './page-data.js';

/** What a request whose body is not counted came to. */
export const NOTHING: Checked = {
  number: null,
  sessions: [],
  findings: [],
  all: [],
  invalid: false,
  about: { sessions: [], clips: [] },
};

/** What became of a request. */
export interface Outcome {
  readonly asked: Asked;
  readonly fault: Fault | null;
  readonly answer: MockAnswer | null;
  readonly bytes: number;
  readonly checked: Checked;
  readonly text: string | null;
  readonly heldBack: boolean;
}

/** Puts a request into the book, and tells those who listen. */
export function keep(
  { ledger }: Incoming,
  { onRequest, clock }: EndpointParts,
  book: Book,
  { asked, fault, answer, bytes, checked, text, heldBack }: Outcome,
  why: string | null = null,
): void {
  const request: MockRequest = {
    number: checked.number,
    ...asked,
    bytes,
    status: answer?.status ?? null,
    enabled: answer?.enabled ?? null,
    fault: fault?.spec ?? null,
    unmatched: why,
    sessions: checked.about.sessions,
  };
  if (checked.number !== null) {
    const at = clock.now() + (fault && answer ? lateBy(fault.what, answer) / 1000 : 0);
    book.answered(checked.number, { at, enabled: request.enabled });
  }
  book.add(request, text, checked.about);
  onRequest?.({ request, ledger: ledger.name, findings: checked.all, heldBack });
  // A reset came in between: what was begun before it is not told behind it.
  if (book !== ledger.book) return;
  ledger.tell({
    type: 'request',
    request: { ...request, sessions: request.sessions.slice(0, MOST_SESSIONS) },
    sessions: checked.sessions.slice(0, MOST_SESSIONS),
    sessionsOmitted: Math.max(0, checked.sessions.length - MOST_SESSIONS),
    findings: checked.findings.slice(0, MOST_FINDINGS),
    findingsOmitted: Math.max(0, checked.findings.length - MOST_FINDINGS),
    summary: book.summary(),
  });
}
