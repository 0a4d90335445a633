import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Input } from '../domain/place.js';
import { ANOTHER_PATH, enabledAnswer, type MockAnswer, messageAnswer, send } from './answer.js';
import { type Asked, askedOf, exchangeOf } from './asked.js';
import { type BodyReader, discard } from './body-bytes.js';
import type { Book, Checked } from './book.js';
import type { MockClock } from './clock.js';
import { allowOrigin, answerPreflight } from './cors.js';
import { countsBody } from './fault-plan.js';
import type { Fault } from './fault-spec.js';
import { faultedAnswer, lateBy, play } from './fault-wire.js';
import type { Forwarder } from './forward.js';
import type { Ledger } from './ledger.js';
import { MAX_BODY_BYTES } from './limits.js';
import type { MockOptions } from './options.js';
import { MOST_FINDINGS, MOST_SESSIONS, type MockRequest } from './page-data.js';
import { type Received, readReceived } from './received.js';
import type { Target } from './target.js';

/** What the endpoint works with. */
export interface EndpointParts {
  readonly clock: MockClock;
  readonly bodies: BodyReader;
  readonly forwarder: Forwarder | null;
  readonly record: MockOptions['record'];
  readonly onRequest: MockOptions['onRequest'];
}

/** A request on its way. */
export interface Incoming {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The TCP socket, below TLS too. */
  readonly socket: Socket;
  readonly target: Target;
  readonly ledger: Ledger;
}

const NOTHING: Checked = {
  number: null,
  sessions: [],
  findings: [],
  all: [],
  invalid: false,
  about: { sessions: [], clips: [] },
};

/** Answers at the endpoint's path: takes what a player posts, checks and keeps it, and answers as Omny does or as a fault wants. */
export async function answerEndpoint(incoming: Incoming, parts: EndpointParts): Promise<void> {
  const { request, response, ledger, target, socket } = incoming;
  allowOrigin(request, response);
  if (request.method === 'OPTIONS') return answerPreflight(request, response);
  if (request.method !== 'POST')
    return unmatched(incoming, parts, `${request.method}: only POST is taken here`);
  const fault = ledger.meet();
  const asked = askedOf(request, target, parts.clock.now());
  const { book } = ledger;
  if (fault && !countsBody(fault.what)) {
    const answer = faultedAnswer(fault.what, enabledAnswer(true));
    keep(incoming, parts, book, {
      asked,
      fault,
      answer,
      bytes: 0,
      checked: NOTHING,
      text: null,
      heldBack: false,
    });
    play(fault.what, answer, { response, socket, clock: parts.clock });
    discard(request);
    return;
  }
  const bytes = await parts.bodies.read(request, response, MAX_BODY_BYTES);
  if (bytes === 'aborted') return;
  if (bytes === 'busy') {
    send(response, messageAnswer(503, 'The mock is reading too many large bodies at once'));
    return discard(request);
  }
  const input = inputOf(ledger);
  const { host, 'content-encoding': encoding } = request.headers;
  const received = readReceived(bytes, encoding, input, exchangeOf(asked, host));
  const checked = book.check(received.record, asked.receivedAt);
  if (received.text !== null && parts.record) await parts.record(received.text.replaceAll(/[\r\n]+/g, ' '));
  const { answer, heldBack } = await answerTo({ received, checked, asked, fault, incoming, parts });
  const faulted = fault ? faultedAnswer(fault.what, answer) : answer;
  const size =
    bytes === 'too-large' ? Number(request.headers['content-length'] ?? MAX_BODY_BYTES) : bytes.length;
  keep(incoming, parts, book, {
    asked,
    fault,
    answer: faulted,
    bytes: size,
    checked,
    text: received.text,
    heldBack,
  });
  if (bytes === 'too-large') {
    response.setHeader('connection', 'close');
    discard(request);
  }
  if (fault) play(fault.what, faulted, { response, socket, clock: parts.clock });
  else send(response, answer);
}

/** Answers a request with another path or method, and counts it. */
export function unmatched(incoming: Incoming, parts: EndpointParts, why = ANOTHER_PATH): void {
  const { request, response, ledger, target } = incoming;
  const asked = askedOf(request, target, parts.clock.now());
  const otherMethod = why !== ANOTHER_PATH;
  const answer = otherMethod
    ? messageAnswer(405, why)
    : messageAnswer(404, why, { Paths: ['POST /api/consumption/events', 'GET /', ...CONTROL_HINT] });
  if (otherMethod) response.setHeader('allow', 'POST, OPTIONS');
  keep(
    incoming,
    parts,
    ledger.book,
    { asked, fault: null, answer, bytes: 0, checked: NOTHING, text: null, heldBack: false },
    why,
  );
  send(response, answer);
  discard(request);
}

const CONTROL_HINT = ['GET /_mock/summary', '/t/NAME before any of them'] as const;

interface Answering {
  readonly received: Received;
  readonly checked: Checked;
  readonly asked: Asked;
  readonly fault: Fault | null;
  readonly incoming: Incoming;
  readonly parts: EndpointParts;
}

/** What is answered where no fault changes it. */
async function answerTo({
  received,
  checked,
  asked,
  fault,
  incoming: { ledger, target },
  parts,
}: Answering): Promise<{ readonly answer: MockAnswer; readonly heldBack: boolean }> {
  if (received.refused !== null || (ledger.settings.strict && checked.invalid)) {
    const [first] = checked.all.filter(({ severity }) => severity === 'error');
    const message = first ? `${first.rule}: ${first.message}` : 'The body cannot be taken';
    const findings = checked.all.slice(0, MOST_FINDINGS);
    return {
      answer: messageAnswer(received.refused ?? 400, message, { Findings: findings }),
      heldBack: false,
    };
  }
  const local = { answer: enabledAnswer(ledger.enabled), heldBack: false };
  // What a player would send again is not passed on, and neither is what an answer of our own stands for.
  const whole = fault === null || fault.what.kind === 'delay' || fault.what.kind === 'drip';
  if (!parts.forwarder || !whole || !ledger.enabled || received.text === null) return local;
  const passed = {
    search: target.search,
    contentType: asked.contentType,
    userAgent: asked.userAgent,
    body: received.text,
    sessions: checked.about.sessions,
  };
  if (!parts.forwarder.takes(passed)) return { ...local, heldBack: true };
  return { answer: await parts.forwarder.pass(passed), heldBack: false };
}

interface Outcome {
  readonly asked: Asked;
  readonly fault: Fault | null;
  readonly answer: MockAnswer | null;
  readonly bytes: number;
  readonly checked: Checked;
  readonly text: string | null;
  readonly heldBack: boolean;
}

/** Puts a request into the book, and tells those who listen. */
function keep(
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

function inputOf({ name }: Ledger): Input {
  return { index: 0, name: name === null ? '<mock>' : `<mock /t/${name}>` };
}
