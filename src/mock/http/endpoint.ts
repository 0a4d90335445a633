import type { Clock } from '../../domain/clock.js';
import type { Answer } from '../../domain/record.js';
import { holdsEvents } from '../../wire/body.js';
import { countsBody, type MockFault } from '../faults/fault.js';
import { faultDelayMs, faultedReply, playFault } from '../faults/wire.js';
import { MAX_BODY_BYTES } from '../options.js';
import { MAX_LISTED_FINDINGS, MAX_MESSAGE_SESSIONS, type MockRequest } from '../page-data.js';
import type { CheckedBody, RequestStore } from '../store/request-store.js';
import { discard, type ReceivedBody, readReceivedBody } from './body.js';
import {
  exchangeOf,
  type HttpExchange,
  harEntryText,
  type RequestHead,
  readRequestHead,
} from './exchange.js';
import {
  ANOTHER_PATH,
  allowOrigin,
  answerPreflight,
  enabledReply,
  type MockReply,
  messageReply,
  sendReply,
} from './reply.js';

/**
 * Handles the endpoint's path: accepts what a player posts, checks and stores it, and responds as documented or as a
 * fault says.
 */
export async function answerEndpoint(exchange: HttpExchange): Promise<void> {
  const { request, response, space, context } = exchange;
  allowOrigin(request, response);
  const refused = context.forwarder?.refusalOf(request.headers.origin, request.headers.host) ?? null;
  if (refused !== null) return answerUnmatched(exchange, refused, 403);
  if (request.method === 'OPTIONS') return answerPreflight(request, response);
  if (request.method !== 'POST')
    return answerUnmatched(exchange, 'another method: only POST is accepted here');
  const fault = space.nextFault();
  const asked = headOf(exchange);
  // If the space is reset while the body arrives, this request still belongs to the old store.
  const { store } = space;
  if (fault && !countsBody(fault.what)) return answerUncounted(exchange, store, asked, fault);
  const bytes = await context.bodies.read(request, response, MAX_BODY_BYTES);
  if (bytes === 'aborted') {
    const left = { ...UNCOUNTED, head: asked, reply: null, unmatched: LEFT_IN_BODY };
    recordRequest(exchange, store, { ...left, answeredAt: asked.receivedAt });
    return;
  }
  if (bytes === 'busy') {
    sendReply(response, messageReply(503, 'The mock is reading too many large bodies at once'));
    return discard(request);
  }
  const head = { ...asked, receivedAt: store.orderedTime(asked.receivedAt) };
  const { host, 'content-encoding': encoding } = request.headers;
  const received = readReceivedBody(bytes, encoding, space.input, exchangeOf(head, host, exchange.target));
  const checked = store.check(received.record, head.receivedAt);
  if (received.text !== null) await context.options.record?.(received.text.replaceAll(/[\r\n]+/g, ' '));
  const { reply: unfaulted, notForwarded } = await replyTo(exchange, { received, checked, head, fault });
  const reply = fault ? faultedReply(fault.what, unfaulted) : unfaulted;
  const { text } = received;
  const size =
    bytes === 'too-large' ? Number(request.headers['content-length'] ?? MAX_BODY_BYTES) : bytes.length;
  const outcome = { ...UNCOUNTED, head, fault, reply, answeredAt: answeredAt(context.clock, fault, reply) };
  if (bytes !== 'too-large') await recordHar(exchange, store, outcome, bytes);
  certify(store, received.record, checked.number, outcome);
  recordRequest(exchange, store, { ...outcome, bytes: size, checked, text, notForwarded });
  if (bytes === 'too-large') {
    response.setHeader('connection', 'close');
    discard(request);
  }
  if (fault) playFault(fault.what, reply, exchange);
  else sendReply(response, unfaulted);
}

/**
 * Answers a request as its fault says; the request is not counted. Its body is still read if the mock keeps a sheet of
 * behaviours or records a HAR: how a player sends again after a 503 is a behaviour.
 */
async function answerUncounted(
  exchange: HttpExchange,
  store: RequestStore,
  asked: RequestHead,
  fault: MockFault,
): Promise<void> {
  const { request, response, space, target, context } = exchange;
  const reply = faultedReply(fault.what, enabledReply(true));
  const isShown = fault.what.kind === 'status' && (store.sheets !== null || context.options.recordHar);
  const bytes = isShown ? await context.bodies.read(request, response, MAX_BODY_BYTES) : null;
  const head = Buffer.isBuffer(bytes) ? { ...asked, receivedAt: store.orderedTime(asked.receivedAt) } : asked;
  const outcome = { ...UNCOUNTED, head, fault, reply, answeredAt: answeredAt(context.clock, fault, reply) };
  if (Buffer.isBuffer(bytes)) {
    const { host, 'content-encoding': encoding } = request.headers;
    const received = readReceivedBody(bytes, encoding, space.input, exchangeOf(head, host, target));
    await recordHar(exchange, store, outcome, bytes, true);
    certify(store, received.record, null, outcome);
  }
  recordRequest(exchange, store, { ...outcome, bytes: Buffer.isBuffer(bytes) ? bytes.length : 0 });
  playFault(fault.what, reply, exchange);
  discard(request);
}

/** Adds a request with its answer to the sheets of behaviours. */
function certify(
  store: RequestStore,
  record: ReceivedBody['record'],
  number: number | null,
  outcome: Answered,
): void {
  if (record.kind === 'request') store.certify(record, number, answerOf(outcome));
}

/** The answer as the rules see it; null without one. */
function answerOf({ reply, answeredAt: at }: Answered): Answer | null {
  // Times in a HAR are whole milliseconds, and a recorded HAR must give the same findings as the mock.
  return reply && { at: Math.round(at * 1000) / 1000, enabled: reply.enabled, status: reply.status };
}

const LEFT_IN_BODY =
  'disconnected before its body was complete: on unload use sendBeacon, or fetch with keepalive';

/** Passes the exchange as a HAR entry to the caller, if one records. */
async function recordHar(
  { context: { options, baseUrl }, request, target, space }: HttpExchange,
  store: RequestStore,
  { head, fault, reply, answeredAt: at }: Answered,
  bytes: Buffer,
  refused = false,
): Promise<void> {
  if (!options.recordHar) return;
  const name = space.name === null ? '' : `/t/${space.name}`;
  const { host } = request.headers;
  const origin = host === undefined ? baseUrl : `${baseUrl.split(':', 1)[0]}://${host}`;
  const url = `${origin}${name}${target.path}${target.search}`;
  const entry = harEntryText({
    head,
    store: String(store.number),
    url: URL.canParse(url) ? url : `${baseUrl}${name}${target.path}${target.search}`,
    httpVersion: request.httpVersion,
    contentEncoding: request.headers['content-encoding'],
    bytes,
    reply,
    refused,
    whole: fault === null || (fault.what.kind !== 'cut' && fault.what.kind !== 'huge'),
    answeredAt: at,
  });
  await options.recordHar(entry);
}

function answeredAt(clock: Clock, fault: MockFault | null, reply: MockReply | null): number {
  return clock.unixSeconds() + (fault && reply ? faultDelayMs(fault.what, reply) / 1000 : 0);
}

/**
 * Answers a request with another path or method, or a refused one, and counts it as unmatched. Reads the body only to find out
 * whether it holds events, because the player loses these.
 */
export async function answerUnmatched(
  exchange: HttpExchange,
  unmatched = ANOTHER_PATH,
  status = unmatched === ANOTHER_PATH ? 404 : 405,
): Promise<void> {
  const { request, response, space, context } = exchange;
  allowOrigin(request, response);
  const isRefused = status === 403;
  // Allow the request in the preflight answer: otherwise the browser does not send it, and the mock cannot report the lost
  // events.
  const asksToSend = SENDING.has(request.headers['access-control-request-method'] ?? '');
  if (request.method === 'OPTIONS' && asksToSend && !isRefused) return answerPreflight(request, response);
  const paths = { Paths: ['POST /api/consumption/events', 'GET /', ...CONTROL_HINT] };
  const reply = messageReply(status, unmatched, status === 404 ? paths : {});
  if (status === 405) response.setHeader('allow', 'POST, OPTIONS');
  const head = headOf(exchange);
  const { store } = space;
  const body = isRefused ? null : await context.bodies.read(request, response, MAX_BODY_BYTES);
  const bytes = Buffer.isBuffer(body) ? body.length : 0;
  const eventsLost = Buffer.isBuffer(body) && holdsEvents(body.toString());
  const outcome = { ...UNCOUNTED, head, reply, unmatched, bytes, eventsLost, answeredAt: head.receivedAt };
  recordRequest(exchange, store, outcome);
  sendReply(response, reply);
  discard(request);
}

/** Methods with which a page sends a body. */
const SENDING: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

const CONTROL_HINT = ['GET /_mock/summary', '/t/NAME before any of them'] as const;

/** The result of a request. */
interface RequestOutcome {
  readonly head: RequestHead;
  readonly fault: MockFault | null;
  readonly reply: MockReply | null;
  /** The unix time of the answer or, without an answer, the time at which the mock decided not to answer. */
  readonly answeredAt: number;
  readonly bytes: number;
  readonly checked: CheckedBody;
  /** The body if it is JSON; otherwise null. */
  readonly text: string | null;
  readonly notForwarded: string | null;
  /** Why the request did not reach the endpoint; null if it did. */
  readonly unmatched: string | null;
  readonly eventsLost: boolean;
}

/** The part of an outcome that concerns the answer. */
type Answered = Pick<RequestOutcome, 'head' | 'fault' | 'reply' | 'answeredAt'>;

/** The outcome of a request whose body is not counted. */
const UNCOUNTED: Omit<RequestOutcome, 'head' | 'reply' | 'answeredAt'> = {
  fault: null,
  bytes: 0,
  checked: {
    number: null,
    sessions: [],
    requestFindings: [],
    findings: [],
    invalid: false,
    subjects: { sessions: [], clips: [] },
  },
  text: null,
  notForwarded: null,
  unmatched: null,
  eventsLost: false,
};

/** The response before faults are applied. */
async function replyTo(
  { context: { forwarder }, space, target }: HttpExchange,
  {
    received,
    checked,
    head,
    fault,
  }: Pick<RequestOutcome, 'checked' | 'head' | 'fault'> & { readonly received: ReceivedBody },
): Promise<Pick<RequestOutcome, 'notForwarded'> & { readonly reply: MockReply }> {
  if (received.refused !== null || (space.settings.strict && checked.invalid)) {
    const first = checked.findings.find(({ severity }) => severity === 'error');
    const message = first ? `${first.rule}: ${first.message}` : 'The body cannot be accepted';
    const Findings = checked.findings.slice(0, MAX_LISTED_FINDINGS);
    return { reply: messageReply(received.refused ?? 400, message, { Findings }), notForwarded: null };
  }
  const local = { reply: enabledReply(space.enabled), notForwarded: null };
  // Do not forward a request if the answer is the mock's own, or if the fault makes the player send the request again.
  const whole = fault === null || fault.what.kind === 'delay' || fault.what.kind === 'drip';
  if (!forwarder || !whole || !space.enabled || received.text === null) return local;
  const forwarded = {
    search: target.search,
    contentType: head.contentType,
    userAgent: head.userAgent,
    body: received.text,
    sessions: checked.subjects.sessions,
  };
  const notForwarded = forwarder.reasonToKeep(forwarded);
  return notForwarded === null ? forwarder.forward(forwarded) : { ...local, notForwarded };
}

/** Adds a request to the store, and sends it to the listeners of the space. */
function recordRequest(
  { space, context: { options } }: HttpExchange,
  store: RequestStore,
  outcome: RequestOutcome,
): void {
  const { head, fault, reply, bytes, checked, text, notForwarded, unmatched, eventsLost } = outcome;
  const request: MockRequest = {
    number: checked.number,
    ...head,
    bytes,
    status: reply?.status ?? null,
    enabled: reply?.enabled ?? null,
    fault: fault?.spec ?? null,
    unmatched,
    eventsLost,
    sessions: checked.subjects.sessions,
  };
  if (checked.number !== null) {
    const { enabled, status } = request;
    store.answered(checked.number, { at: outcome.answeredAt, enabled, status });
  }
  store.add(request, text, checked.subjects);
  options.onRequest?.({ request, space: space.name, findings: checked.findings, notForwarded });
  // After a reset, pages must not see a request that started before the reset.
  if (store !== space.store) return;
  const { sessions, requestFindings } = checked;
  space.emit({
    type: 'request',
    request: { ...request, sessions: request.sessions.slice(0, MAX_MESSAGE_SESSIONS) },
    sessions: sessions.slice(0, MAX_MESSAGE_SESSIONS),
    sessionsOmitted: Math.max(0, sessions.length - MAX_MESSAGE_SESSIONS),
    findings: requestFindings.slice(0, MAX_LISTED_FINDINGS),
    findingsOmitted: Math.max(0, requestFindings.length - MAX_LISTED_FINDINGS),
    summary: store.summary(),
  });
}

function headOf({ request, target, context }: HttpExchange): RequestHead {
  return readRequestHead(request, target, context.clock.unixSeconds());
}
