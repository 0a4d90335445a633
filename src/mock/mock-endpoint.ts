import type { ReportedFinding } from '../validate/reported-finding.js';
import type { Summary } from '../validate/tally.js';
import { parseFault } from './fault-spec.js';
import type { Ledger } from './ledger.js';
import type { MockRequest, MockSession, MockSummary } from './page-data.js';

/** What arrived at a ledger, and how it answers. */
export interface MockLedger {
  /** The endpoint's URL, without an organization: to point a player at. */
  readonly url: string;
  /** The newest sessions, in the order in which they first arrived. */
  sessions(): readonly MockSession[];
  /** The newest findings, oldest first, with message and hint. */
  findings(): readonly ReportedFinding[];
  /** The newest requests, oldest first, with their bodies as far as they are kept. */
  requests(): readonly (MockRequest & { readonly body: unknown })[];
  /** `validate`'s counts of all that arrived. */
  summary(): MockSummary;
  /**
   * Waits until so many sessions have arrived, and gives them.
   * @throws Error with what did arrive, after `timeoutMs` (10,000 unless told)
   */
  waitFor(sessions: number, options?: { readonly timeoutMs?: number }): Promise<readonly MockSession[]>;
  /** What `Enabled` is answered from now on. */
  setEnabled(enabled: boolean): void;
  /** The faults from now on, as `--fault` takes them; requests are counted anew. @throws UserError `usage` */
  setFaults(faults: readonly string[]): void;
  /** As if it had just been started. */
  reset(): void;
}

/** A running mock endpoint: its main ledger, and those at `/t/NAME/`. */
export interface MockEndpoint extends MockLedger {
  /** Of the page, the control API (`/_mock/…`) and the endpoint; without a slash at its end. */
  readonly baseUrl: string;
  /** The ledger at `/t/NAME/`, for a test of its own. @throws RangeError where it cannot stand in a URL's path */
  ledger(name: string): MockLedger;
  /** The counts of all ledgers since the start, whatever was reset. */
  total(): Summary;
  /** Waits, for 2 s at most, until what has reached this machine has been checked. */
  settled(): Promise<void>;
  /** Takes what has reached this machine, then ends all connections. */
  close(): Promise<void>;
}

const WAIT_MS = 10_000;

/** A ledger as a library's user sees it. */
export function mockLedger(ledger: Ledger): MockLedger {
  return {
    url: ledger.endpoint,
    sessions: () => ledger.book.sessions(),
    findings: () => ledger.book.findings(),
    requests: () => ledger.book.requests(),
    summary: () => ledger.book.summary(),
    async waitFor(sessions, { timeoutMs = WAIT_MS } = {}) {
      if (await ledger.wait(sessions, {}, timeoutMs)) return ledger.book.sessions();
      const { sessions: received, requests, unmatched } = ledger.book.summary();
      throw new Error(
        `Expected ${sessions} sessions at ${ledger.endpoint} in ${timeoutMs / 1000} s, received ${received} (${requests} requests, and ${unmatched} with another path or method)`,
      );
    },
    setEnabled: (enabled) => ledger.setEnabled(enabled),
    setFaults: (faults) => ledger.setFaults(faults.map(parseFault)),
    reset: () => ledger.reset(),
  };
}
