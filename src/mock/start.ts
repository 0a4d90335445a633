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

/** A space of the mock: everything that arrived at one URL, and how that URL answers. */
export interface MockRecords {
  /** The URL to point a player at, without an organization. */
  readonly url: string;
  /** The newest sessions, in the order in which they first arrived. */
  sessions(): readonly MockSession[];
  /** The newest findings, oldest first, with message and hint: all, or those of at least a severity. */
  findings(options?: { readonly atLeast?: Severity }): readonly ReportedFinding[];
  /** The newest requests, oldest first, with those of their bodies that are still kept. */
  requests(): readonly (MockRequest & { readonly body: unknown })[];
  /** The diagnoses of everything that arrived. */
  diagnoses(): readonly Diagnosis[];
  /** The counts of `validate` for everything that arrived. */
  summary(): MockSummary;
  /**
   * The behaviours of the player that everything received so far shows, as `omny-consume certify` reports them.
   * @param options The behaviours that must be seen right for the sheet to pass; by default the mock's `require`.
   * @throws UserError `usage` if the mock was started without `certify`, or if there is no such behaviour
   */
  certify(options?: { readonly require?: 'all' | readonly BehaviourId[] | undefined }): MockSheet;
  /**
   * Waits until this many sessions have arrived, and returns them.
   * @throws Error that says what did arrive, after `timeoutMs` (4,000 by default)
   */
  waitFor(sessions: number, options?: { readonly timeoutMs?: number }): Promise<readonly MockSession[]>;
  /** Sets the `Enabled` of later answers. */
  setEnabled(enabled: boolean): void;
  /**
   * Sets the faults of later requests, in the form of `--fault`. Requests are counted from 1 again. @throws UserError `usage`
   */
  setFaults(faults: readonly string[]): void;
  /** Drops everything that arrived, and answers as at the start again. */
  reset(): void;
}

/** A sheet, and whether it passes. */
export interface MockSheet extends Sheet {
  /** Whether all required behaviours were seen right; without required ones, whether none was seen wrong. */
  readonly passed: boolean;
}

/** The totals of everything that arrived at a mock. */
export interface MockTotal extends Pick<ValidationReport, 'summary' | 'rules' | 'diagnoses'> {
  /** The sheet of behaviours; null if the mock was started without `certify`. */
  readonly sheet: MockSheet | null;
}

/** A running mock endpoint: its main space, and those at `/t/NAME/`. */
export interface MockEndpoint extends MockRecords {
  /** The beginning of the URLs of the page, the control API (`/_mock/…`) and the endpoint, without a slash at its end. */
  readonly baseUrl: string;
  /** The space at `/t/NAME/`, for one test. @throws RangeError if the name cannot be part of a URL's path */
  space(name: string): MockRecords;
  /** The counts, the diagnoses and the sheet of all spaces since the start. Resets do not change them. */
  total(): MockTotal;
  /** Waits, for 2 s at most, until all requests that have reached this machine are checked. */
  settled(): Promise<void>;
  /** Finishes the requests that have reached this machine, then closes all connections. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 8787;
/** Less than the 5 s after which vitest and Jest stop a test, so that the message of `waitFor` is shown instead. */
const DEFAULT_WAIT_MS = 4000;

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

/**
 * Starts a stand-in for Omny's endpoint. It accepts what a player posts, checks it with every rule, and answers as Omny does
 * (API-6) or as faults say. The defaults are those of `omny-consume mock`.
 *
 * @throws UserError `usage` if a fault cannot be parsed; the system's error if the server cannot listen
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
  // Spaces exist only once the server listens, and no request arrives before.
  const server = await listen({ port, host, tls }, listener, (refused) => reportRefused(context, refused));
  const spaces = new MockSpaces(baseUrlOf(server.address.port, host, tls?.cert), {
    faults,
    seed: options.seed ?? 0,
    enabled: options.enabled ?? true,
    strict: options.strict ?? false,
    inspect: (remember, own) =>
      ruleOptions(options, clock, remember, own && { diagnoses: bothDiagnoses(own, diagnoses) }),
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
    ...recordsOf(spaces.main),
    baseUrl: spaces.baseUrl,
    space: (name) => recordsNamed(spaces, name),
    total() {
      const found = diagnosesInForce(diagnoses.end(), ruleOptions(options, clock, 0));
      const sheet = sheets?.total.sheet(sheets.required, closedAt ?? clock.unixSeconds()) ?? null;
      return {
        summary: total.summary(found.length),
        rules: rules.totals(),
        diagnoses: found,
        sheet: sheet && withVerdict(sheet),
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

/** Passes each session to the diagnoses of its space and to those of all spaces. */
function bothDiagnoses(one: Diagnoses, all: Diagnoses): InspectOptions['diagnoses'] {
  return {
    look(part, fired) {
      one.look(part, fired);
      all.look(part, fired);
    },
    // A mock receives no tables.
    noteRepeatedExport: () => {},
  };
}

function recordsNamed(spaces: MockSpaces, name: string): MockRecords {
  if (parseTarget(`/t/${name}/`).space === name) return recordsOf(spaces.of(name));
  throw new RangeError(
    `A name has at most 100 letters, digits and . _ ~ -, received ${JSON.stringify(name)}`,
  );
}

function failed(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  { onBug }: MockOptions,
): void {
  if (response.headersSent) request.destroy();
  else
    sendReply(
      response,
      messageReply(500, 'A bug in omny-consume: see the output of the process that started the mock'),
    );
  if (!onBug) throw error;
  onBug(error);
}

/** A space as a library's user sees it. */
function recordsOf(space: MockSpace): MockRecords {
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
      if (sheet) return withVerdict(sheet);
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

function withVerdict(sheet: Sheet): MockSheet {
  return { ...sheet, passed: isPassed(sheet) };
}

/** How many sessions arrived, with possible reasons why there are fewer than expected: `1 (2 requests; session-split)`. */
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

/** Counts and reports a request that could not be read as HTTP. Its path is unknown, so it belongs to the main space. */
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
  options.onRequest?.({ request, space: null, findings: [], notForwarded: null });
  const shown = {
    findings: [],
    findingsOmitted: 0,
    sessions: [],
    sessionsOmitted: 0,
    summary: store.summary(),
  };
  spaces.main.emit({ type: 'request', request, ...shown });
}

/** An endpoint that answers every valid request as Omny does, and keeps nothing. */
export interface InProcessMock {
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Starts the mock of `send --endpoint mock`: it reads each body to its end and answers `Enabled: true` (API-6). Unlike
 * `startMockEndpoint`, it checks and stores nothing: `send` has already checked everything, and no caller can query this mock.
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
