import type { ServerResponse } from 'node:http';
import type { HttpExchange } from '../http/exchange.js';
import { enabledReply, type MockReply, messageReply, sendReply } from '../http/reply.js';
import type { FaultKind } from './fault.js';

const HUGE_BYTES = 100_000_000;
const HUGE_PIECE = Buffer.alloc(65_536, 'x');
const PAGE = `<!DOCTYPE html>
<html><head><title>Access denied</title></head>
<body><h1>Access denied</h1><p>Your request was blocked by the firewall. (A page of the omny-consume mock.)</p></body></html>
`;

/**
 * The answer with a fault applied; null if the fault leaves the request without an answer.
 * @param answer The answer without the fault. Faults that do not count the body ignore it.
 */
export function faultedReply(fault: FaultKind, answer: MockReply): MockReply | null {
  switch (fault.kind) {
    case 'status':
      return withRetryAfter(messageReply(fault.status, 'A fault of the mock'), fault.retryAfterSeconds);
    case 'redirect':
      return {
        status: 307,
        headers: { location: fault.location },
        body: Buffer.alloc(0),
        enabled: null,
      };
    case 'html':
      return {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: Buffer.from(PAGE),
        enabled: null,
      };
    case 'bad-json':
      return { ...enabledReply(true), body: Buffer.from('{"Enabled": tru'), enabled: null };
    case 'empty':
      return { ...enabledReply(true), body: Buffer.alloc(0), enabled: null };
    case 'disabled':
      return enabledReply(false);
    case 'huge':
    case 'cut':
      return { ...answer, enabled: null };
    case 'delay':
    case 'drip':
      return answer;
    case 'hang':
    case 'refuse':
    case 'reset':
    case 'reset-after':
      return null;
  }
}

/** By how many milliseconds a fault delays the end of the answer. */
export function faultDelayMs(fault: FaultKind, { body }: MockReply): number {
  if (fault.kind === 'delay') return fault.ms;
  return fault.kind === 'drip' ? fault.everyMs * body.length : 0;
}

/** Sends what the fault says on the connection. @param answer The result of `faultedReply`. */
export function playFault(fault: FaultKind, answer: MockReply | null, exchange: HttpExchange): void {
  const { response, socket, context } = exchange;
  switch (fault.kind) {
    case 'refuse':
      socket.destroy();
      return;
    case 'reset':
    case 'reset-after':
      socket.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'delay':
      response.once(
        'close',
        context.clock.after(fault.ms, () => answer && sendReply(response, answer)),
      );
      return;
    case 'drip':
      if (answer) drip(answer, fault.everyMs, exchange);
      return;
    case 'cut':
      if (answer) cut(answer, exchange);
      return;
    case 'huge':
      huge(response);
      return;
    default:
      if (answer) sendReply(response, answer);
  }
}

function withRetryAfter(answer: MockReply, seconds: number | null): MockReply {
  if (seconds === null) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
}

/** Announces the full length, sends half of the body, and closes the connection. */
function cut({ status, headers, body }: MockReply, { response }: HttpExchange): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroySoon());
}

/** Sends the body one byte at a time. */
function drip(
  { status, headers, body }: MockReply,
  everyMs: number,
  { response, context }: HttpExchange,
): void {
  let cancel = () => {};
  let sent = 0;
  const next = () => {
    cancel = context.clock.after(everyMs, () => {
      response.write(body.subarray(sent, sent + 1));
      sent += 1;
      if (sent < body.length) next();
      else response.end();
    });
  };
  response.once('close', () => cancel());
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.flushHeaders();
  next();
}

/** Sends valid JSON with `Enabled` true that is too long for a client to read to its end. */
function huge(response: ServerResponse): void {
  const head = '{"Enabled":true,"Padding":"';
  const tail = '"}';
  let left = HUGE_BYTES - head.length - tail.length;
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': HUGE_BYTES,
  });
  response.write(head);
  const more = () => {
    while (left > 0) {
      const piece = HUGE_PIECE.subarray(0, Math.min(left, HUGE_PIECE.length));
      left -= piece.length;
      if (!response.write(piece)) return;
    }
    response.end(tail);
  };
  response.on('drain', more);
  more();
}
