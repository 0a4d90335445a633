import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { enabledAnswer, type MockAnswer, messageAnswer, send } from './answer.js';
import type { MockClock } from './clock.js';
import type { FaultKind } from './fault-spec.js';

const HUGE_BYTES = 100_000_000;
const HUGE_PIECE = Buffer.alloc(65_536, 'x');
const PAGE = `<!DOCTYPE html>
<html><head><title>Access denied</title></head>
<body><h1>Access denied</h1><p>Your request was blocked by the firewall. (A page of the omny-consume mock.)</p></body></html>
`;

/** A request that waits for its answer, as far as faults touch it. */
export interface Wire {
  readonly response: ServerResponse;
  /** The TCP socket, below TLS too. */
  readonly socket: Socket;
  readonly clock: MockClock;
}

/**
 * What a fault makes of the answer that would have been given; null where nothing is answered.
 * @param answer Of faults that count the body what would have been answered; else whatever.
 */
export function faultedAnswer(fault: FaultKind, answer: MockAnswer): MockAnswer | null {
  switch (fault.kind) {
    case 'status':
      return withRetryAfter(messageAnswer(fault.status, 'A fault of the mock'), fault.retryAfterSeconds);
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
      return { ...enabledAnswer(true), body: Buffer.from('{"Enabled": tru'), enabled: null };
    case 'empty':
      return { ...enabledAnswer(true), body: Buffer.alloc(0), enabled: null };
    case 'disabled':
      return enabledAnswer(false);
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

/** How much later than at once an answer is there, in milliseconds. */
export function lateBy(fault: FaultKind, { body }: MockAnswer): number {
  if (fault.kind === 'delay') return fault.ms;
  return fault.kind === 'drip' ? fault.everyMs * body.length : 0;
}

/** Does on the wire what the fault says. @param answer What `faultedAnswer` gave. */
export function play(fault: FaultKind, answer: MockAnswer | null, wire: Wire): void {
  const { response, socket, clock } = wire;
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
        clock.after(fault.ms, () => answer && send(response, answer)),
      );
      return;
    case 'drip':
      if (answer) drip(answer, fault.everyMs, wire);
      return;
    case 'cut':
      if (answer) cut(answer, wire);
      return;
    case 'huge':
      huge(response);
      return;
    default:
      if (answer) send(response, answer);
  }
}

function withRetryAfter(answer: MockAnswer, seconds: number | null): MockAnswer {
  if (seconds === null) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
}

/** The whole length announced, half of it sent, then the end. */
function cut({ status, headers, body }: MockAnswer, { response }: Wire): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroySoon());
}

/** A byte now and then, until the answer is whole. */
function drip({ status, headers, body }: MockAnswer, everyMs: number, { response, clock }: Wire): void {
  let callOff = () => {};
  let sent = 0;
  const next = () => {
    callOff = clock.after(everyMs, () => {
      response.write(body.subarray(sent, sent + 1));
      sent += 1;
      if (sent < body.length) next();
      else response.end();
    });
  };
  response.once('close', () => callOff());
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.flushHeaders();
  next();
}

/** Valid JSON with a true `Enabled`, at whose end nobody sane arrives. */
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
