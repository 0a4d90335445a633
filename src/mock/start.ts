import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BehaviourId, behavioursNamed } from '../certify/define.js';
import { isPassed, type Sheet } from '../certify/sheet.js';
import { Diagnoses } from '../diagnoses/diagnoses.js';
import { type Clock, systemClock } from '../domain/clock.js';
import { UserError } from '../domain/errors.js';
import type { Diagnosis, ReportedFinding, Severity } from '../domain/finding.js';
import { pluralize } from '../domain/text.js';
import { Tally } from '../validate/inspected.js';
import { diagnosesInForce, type InspectOptions } from '../validate/options.js';
import { RuleTotals } from '../validate/rule-totals.js';
import type { ValidationReport } from '../validate/validate.js';
import { ENDPOINT_PATH } from '../wire/body.js';
import { parseFault } from './faults/fault.js';
import { BodyReader } from './http/body.js';
import { type MockContext, parseTarget } from './http/exchange.js';
import { ANOTHER_PATH, enabledReply, messageReply, sendReply } from './http/reply.js';
import { route } from './http/route.js';
import { baseUrlOf, InFlight, isWildcard, listen, type RefusedConnection } from './http/server.js';
import { MAIN_LIMITS, type MockOptions, ruleOptions } from './options.js';
import type { MockRequest, MockSession, MockSummary } from './page-data.js';
import { SheetKeeper } from './store/sheet-keeper.js';
import { type MockSpace, MockSpaces, type SheetSettings } from './store/space.js';

/** What arrived at one place, and how that place answers. */
export interface MockLedger {
  /** The endpoint's URL, without an organization: to point a player at. */
  readonly url: string;
  /** The newest sessions, in the order in which they first arrived. */
  sessions(): readonly MockSession[];
  /** The newest findings, oldest first, with message and hint: all, or those of a severity and more. */
  findings(options?: { readonly atLeast?: Severity }): readonly ReportedFinding[];
  /** The newest requests, oldest first, with their bodies as far as they are kept. */
  requests(): readonly (MockRequest & { readonly body: unknown })[];
  /** The bugs behind patterns in all that arrived. */
  diagnoses(): readonly Diagnosis[];
  /** `validate`'s counts of all that arrived. */
  summary(): MockSummary;
  /**
   * Which behaviours of the player what arrived shows, as `omny-consume certify` says it.
   * @param options The behaviours that must be seen right for the sheet to pass; by default those of the mock.
   * @throws UserError `usage` where the mock was started without `certify`, and where no behaviour is called so
   */
  certify(options?: { readonly require?: 'all' | readonly BehaviourId[] | undefined }): MockSheet;
  /**
   * Waits until this many sessions have arrived, and returns them.
   * @throws Error with what did arrive, after `timeoutMs` (4,000 by default)
   */
  waitFor(sessions: number, options?: { readonly timeoutMs?: number }): Promise<readonly MockSession[]>;
  /** What `Enabled` is answered from now on. */
  setEnabled(enabled: boolean): void;
  /** The faults from now on, as `--fault` takes them; requests are counted from 1 again. @throws UserError `usage` */
  setFaults(faults: readonly string[]): void;
  /** As if it had just been started. */
  reset(): void;
}

/** A sheet, and whether it passes. */
export interface MockSheet extends Sheet {
  /** Whether all that must be seen right is; where nothing must, whether nothing is wrong. */
  readonly passed: boolean;
}

/** The totals of everything that arrived at a mock. */
export interface MockTotal extends Pick<ValidationReport, 'summary' | 'rules' | 'diagnoses'> {
  /** The behaviours that show; null where the mock was started without `certify`. */
  readonly sheet: MockSheet | null;
}

/** A running mock endpoint: its main space, and those at `/t/NAME/`. */
export interface MockEndpoint extends MockLedger {
  /** Of the page, the control API (`/_mock/…`) and the endpoint; without a slash at its end. */
  readonly baseUrl: string;
  /** The space at `/t/NAME/`, for one test. @throws RangeError if the name cannot be part of a URL's path */
  ledger(name: string): MockLedger;
  /** The counts of all spaces since the start, whatever was reset, the bugs that show in all of it, and the sheet of all of it. */
  total(): MockTotal;
  /** Waits, for 2 s at most, until what has reached this machine has been checked. */
  settled(): Promise<void>;
  /** Takes what has reached this machine, then ends all connections. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 8787;
/** Less than the 5 s that vitest and Jest give a test, so that its own message is seen. */
const DEFAULT_WAIT_MS = 4000;

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

/**
 * Starts a stand-in for Omny's endpoint: it takes what a player posts, checks it with every rule, and answers as Omny does (API-6) or as
 * faults want. The defaults are those of `omny-consume mock`.
 *
 * @throws UserError `usage` where a fault cannot be read; the system's error where it cannot listen
 */
export async function startMockEndpoint(options: MockOptions = {}): Promise<MockEndpoint> {
  const { host = '127.0.0.1', port = DEFAULT_PORT, clock = systemClock, tls = null } = options;
  const faults = (options.faults ?? []).map(parseFault);
  const total = new Tally();
  const rules = new RuleTotals(false);
  const diagnoses = new Diagnoses(ruleOptions(options, clock, 0));
  const sheets = sheetSettings(options, clock);
  const inFlight = new InFlight(clock);
  const forwarder = options.forward
    ? new (await import('./http/forward.js')).Forwarder(options.forward)
    : null;

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    route(request, response, server.socketOf(request), context).catch((error: unknown) =>
      failed(error, request, response, options),
    );
  };
  // Before the server listens there is no space, and no request.
  const server = await listen({ port, host, tls }, listener, (refused) => reportRefused(context, refused));
  const spaces = new MockSpaces(baseUrlOf(server.address.port, host, tls?.cert), {
    faults,
    seed: options.seed ?? 0,
    enabled: options.enabled ?? true,
    strict: options.strict ?? false,
    inspect: (remember, own) =>
      ruleOptions(options, clock, remember, own && { diagnoses: both(own, diagnoses) }),
    sheets,
    clock,
    onInspected(inspected) {
      total.add(inspected);
      if (inspected.kind === 'session' && inspected.occurrence === 'first')
        options.onSession?.(inspected.session);
      if (inspected.kind !== 'finding') return;
      rules.add(inspected.finding);
      options.onFinding?.(inspected.finding.settle());
    },
  });
  const context: MockContext = {
    options,
    clock,
    spaces,
    baseUrl: spaces.baseUrl,
    bodies: new BodyReader(),
    forwarder,
    inFlight,
    allowedHosts: new Set(
      [...(options.allowHosts ?? []), ...(isWildcard(host) ? [] : [host])].map((name) => name.toLowerCase()),
    ),
  };

  let closed: Promise<void> | undefined;
  let closedAt: number | undefined;
  return {
    ...mockLedger(spaces.main),
    baseUrl: spaces.baseUrl,
    ledger: (name) => namedLedger(spaces, name),
    total() {
      const found = diagnosesInForce(diagnoses.end(), ruleOptions(options, clock, 0));
      const sheet = sheets?.total.sheet(sheets.required, closedAt ?? clock.unixSeconds()) ?? null;
      return {
        summary: total.summary(found.length),
        rules: rules.totals(),
        diagnoses: found,
        sheet: sheet && judged(sheet),
      };
    },
    settled: () => inFlight.settled(),
    close() {
      closed ??= (async () => {
        await inFlight.settled();
        closedAt = clock.unixSeconds();
        await server.close();
        await forwarder?.close();
      })();
      return closed;
    },
  };
}

/**
 * The settings for sheets of behaviours; null without sheets.
 * @throws UserError of kind `usage` if there is no such behaviour
 */
function sheetSettings(options: MockOptions, clock: Clock): SheetSettings | null {
  const { certify = false, require } = options;
  if (!certify && require === undefined) return null;
  const make = (remember: number, separateStores = false) =>
    new SheetKeeper(
      (watching) => ruleOptions(options, clock, remember, { ...watching, separateStores }),
      remember,
    );
  return { make, total: make(MAIN_LIMITS.remembered, true), required: required(require ?? []) };
}

function required(behaviours: 'all' | readonly BehaviourId[]): ReadonlySet<BehaviourId> {
  return behavioursNamed(behaviours === 'all' ? ['all'] : behaviours);
}

/** Looks at the sessions of a space, and at those of all. */
function both(one: Diagnoses, all: Diagnoses): InspectOptions['diagnoses'] {
  return {
    look(part, fired) {
      one.look(part, fired);
      all.look(part, fired);
    },
    // No tables arrive at a mock.
    noteRepeatedExport: () => {},
  };
}

function namedLedger(spaces: MockSpaces, name: string): MockLedger {
  if (parseTarget(`/t/${name}/`).space === name) return mockLedger(spaces.of(name));
  throw new RangeError(
    `A ledger's name is of at most 100 letters, digits and . _ ~ -, received ${JSON.stringify(name)}`,
  );
}

function failed(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  { onBug }: MockOptions,
): void {
  if (response.headersSent) request.destroy();
  else sendReply(response, messageReply(500, 'A bug of omny-consume: see where the mock was started'));
  if (!onBug) throw error;
  onBug(error);
}

/** A space as a library's user sees it. */
function mockLedger(space: MockSpace): MockLedger {
  return {
    url: space.endpoint,
    sessions: () => space.store.sessions(),
    findings: ({ atLeast = 'info' } = {}) =>
      space.store
        .findings()
        .filter(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(atLeast)),
    requests: () => space.store.requests(),
    diagnoses: () => space.store.diagnoses(),
    summary: () => space.store.currentSummary(),
    certify({ require } = {}) {
      const sheet = space.sheet(require && required(require));
      if (sheet) return judged(sheet);
      throw new UserError('usage', 'The mock keeps no sheet of behaviours', 'Start it with certify: true.');
    },
    async waitFor(sessions, { timeoutMs = DEFAULT_WAIT_MS } = {}) {
      if (await space.wait(sessions, {}, timeoutMs)) return space.store.sessions();
      throw new Error(
        `Expected ${pluralize(sessions, 'session')} at ${space.endpoint} in ${timeoutMs / 1000} s, received ${receivedText(space)}`,
      );
    },
    setEnabled: (enabled) => space.setEnabled(enabled),
    setFaults: (faults) => space.setFaults(faults.map(parseFault)),
    reset: () => space.reset(),
  };
}

function judged(sheet: Sheet): MockSheet {
  return { ...sheet, passed: isPassed(sheet) };
}

/** What arrived, with what says why it may be less than was expected: `1 (2 requests; session-split)`. */
function receivedText({ store }: MockSpace): string {
  const { sessions, requests, unmatched } = store.summary();
  const failed = store.findings().filter(({ severity }) => severity !== 'info');
  const rules = [...new Set(failed.map(({ rule }) => rule))];
  const why = new Set(store.requests().flatMap(({ unmatched: reason }) => reason ?? []));
  const others =
    unmatched > 0
      ? [`${pluralize(unmatched, 'more request')} did not reach the endpoint: ${[...why].join(', ')}`]
      : [];
  return `${sessions} (${[pluralize(requests, 'request'), ...others, ...rules].join('; ')})`;
}

/** Counts and reports a request that failed below HTTP: it has no path, so it belongs to the main space. */
function reportRefused(
  { spaces, clock, options }: MockContext,
  { method, url, status, why }: RefusedConnection,
): void {
  const request: MockRequest = {
    number: null,
    receivedAt: clock.unixSeconds(),
    method,
    url,
    organizationParameter: null,
    contentType: null,
    origin: null,
    userAgent: null,
    bytes: 0,
    status,
    enabled: null,
    fault: null,
    unmatched: why,
    eventsLost: false,
    sessions: [],
  };
  const { store } = spaces.main;
  store.add(request, null);
  options.onRequest?.({ request, ledger: null, findings: [], notForwarded: null });
  const shown = {
    findings: [],
    findingsOmitted: 0,
    sessions: [],
    sessionsOmitted: 0,
    summary: store.summary(),
  };
  spaces.main.emit({ type: 'request', request, ...shown });
}

/** An endpoint that answers as Omny does where nothing is wrong, and keeps nothing. */
export interface InProcessMock {
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Starts the mock of `send --endpoint mock`: it reads each body to its end and answers `Enabled: true` (API-6). Nobody could ask it what
 * arrived, and `send` has checked everything before: so, unlike `startMockEndpoint`, it checks nothing and remembers nothing.
 */
export async function startInProcessMock(): Promise<InProcessMock> {
  const enabled = enabledReply(true);
  const server = await listen({ port: 0, host: HOST, tls: null }, (request, response) => {
    const known = request.method === 'POST' && parseTarget(request.url ?? '/').path === ENDPOINT_PATH;
    request
      .resume()
      .once('end', () => sendReply(response, known ? enabled : messageReply(404, ANOTHER_PATH)));
  });
  return { url: `http://${HOST}:${server.address.port}${ENDPOINT_PATH}`, close: () => server.close() };
}
