import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

type Connector = buildConnector.connector;

/**
 * Makes connections on which an unasked `100 Continue` is borne, and of which the first error ends the attempt: undici would try again for
 * ever where a proxy closes the connection that it was asked for.
 * @param how Options of a connection, or what makes one.
 */
export function patientConnector(how: buildConnector.BuildOptions | Connector | undefined): Connector {
  const connect = typeof how === 'function' ? how : buildConnector(how ?? {});
  return (options, done) =>
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error !== null) done(final(error), null);
      else done(null, withoutContinue(socket));
    });
}

/** Codes of errors after which undici connects again by itself. */
const TRIED_AGAIN = ['UND_ERR_SOCKET', 'UND_ERR_INFO'];

function final(error: Error & { readonly code?: string }): Error {
  if (error.code === undefined || !TRIED_AGAIN.includes(error.code)) return error;
  return Object.assign(new Error('the connection was closed before it stood', { cause: error }), {
    code: 'UND_ERR_CLOSED',
  });
}

const CONTINUE = Buffer.from('HTTP/1.1 100');
const END = Buffer.from('\r\n\r\n');

/** Takes interim answers with the status 100 out of what a socket gives: undici takes them for a broken answer. */
function withoutContinue<S extends Socket>(socket: S): S {
  const push = Reflect.get(socket, 'push') as (this: Socket, ...chunk: unknown[]) => boolean;
  const write = Reflect.get(socket, 'write') as (this: Socket, ...chunk: unknown[]) => boolean;
  /** Whether what comes next begins an answer. */
  let begins = true;
  let held: Buffer | null = null;
  socket.write = function (this: S, ...chunk: unknown[]) {
    begins = true;
    return write.apply(this, chunk);
  } as S['write'];
  socket.push = function (this: S, chunk: unknown, ...rest: unknown[]) {
    if (!begins || !Buffer.isBuffer(chunk)) {
      const before = held;
      held = null;
      if (before) push.call(this, before);
      return push.call(this, chunk, ...rest);
    }
    let bytes = held ? Buffer.concat([held, chunk]) : chunk;
    held = null;
    while (isContinue(bytes)) {
      const end = bytes.indexOf(END);
      if (end < 0) {
        held = bytes;
        return true;
      }
      bytes = bytes.subarray(end + END.length);
    }
    if (bytes.length === 0) return true;
    begins = false;
    return push.call(this, bytes, ...rest);
  } as S['push'];
  return socket;
}

/** Whether bytes begin an interim answer, as far as they go. */
function isContinue(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, CONTINUE.length);
  return length > 0 && bytes.subarray(0, length).equals(CONTINUE.subarray(0, length));
}
