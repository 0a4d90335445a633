import type { Input } from '../domain/place.js';
import { ANOTHER_PATH, enabledAnswer, messageAnswer, send } from './answer.js';
import { answerTo } from './answer-to.js';
import { askedOf, exchangeOf } from './asked.js';
import { discard } from './body-bytes.js';
import { allowOrigin, answerPreflight } from './cors.js';
import { countsBody } from './fault-plan.js';
import { faultedAnswer, play } from './fault-wire.js';
import type { EndpointParts, Incoming } from './incoming.js';
import { keep, NOTHING } from './keep.js';
import type { Ledger } from './ledger.js';
import { MAX_BODY_BYTES } from './limits.js';
import { readReceived } from './received.js';

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

function inputOf({ name }: Ledger): Input {
  return { index: 0, name: name === null ? '<mock>' : `<mock /t/${name}>` };
}
