import type { Socket } from 'node:net';
import { rootCertificates } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { UserError } from '../domain/errors.js';

/** The proxies for requests; absent or empty for no proxy. */
export interface Proxies {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  /** Hosts that are reached without a proxy, separated by commas; `*` means all hosts. */
  readonly except?: string | undefined;
}

export interface ConnectionOptions {
  /** The number of connections, and so of posts at the same time. */
  readonly concurrency: number;
  /** The time limit of one exchange, from connecting to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly proxies?: Proxies | undefined;
  /** Certificates in PEM to trust in addition to the well-known ones. */
  readonly ca?: string | undefined;
  /** The endpoint is on this machine: no proxy is used. */
  readonly loopback: boolean;
}

/**
 * Shorter than the 5 s after which common servers close an idle connection: if a server closes it during a request, the batch
 * is ambiguous.
 */
const KEEP_ALIVE_MS = 4_000;

/**
 * Opens connections, through a proxy if one is set. Certificates are always checked, even if NODE_TLS_REJECT_UNAUTHORIZED is 0.
 * @internal
 */
export function connections({
  concurrency,
  timeoutMs,
  proxies = {},
  ca,
  loopback,
}: ConnectionOptions): Dispatcher {
  const trust = { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) };
  const settings = {
    connections: concurrency,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  };
  const { http = '', https = '', except = '' } = proxies;
  const connect = { timeout: timeoutMs, ...trust };
  if (loopback || (http === '' && https === ''))
    return new Agent({ ...settings, connect: connectorWithoutRetry(connect) });
  return new EnvHttpProxyAgent({
    ...settings,
    connect,
    factory: (origin, options) => {
      const its = options as Pool.Options;
      return new Pool(origin, { ...its, connect: connectorWithoutRetry(its.connect) });
    },
    requestTls: { timeout: timeoutMs, ...trust },
    proxyTls: { timeout: timeoutMs, ...trust },
    httpProxy: http,
    httpsProxy: https,
    noProxy: except,
  });
}

type Connector = buildConnector.connector;

/**
 * Makes connections that accept an unexpected `100 Continue`, and that are not tried again after an error: undici would
 * reconnect forever if a proxy closes each connection before it is established.
 * @param how Options of a connection, or a function that makes one.
 */
function connectorWithoutRetry(how: buildConnector.BuildOptions | Connector | undefined): Connector {
  const connect = typeof how === 'function' ? how : buildConnector(how ?? {});
  return (options, done) =>
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error !== null) done(final(error), null);
      else done(null, withoutContinue(socket));
    });
}

/** Codes of errors after which undici reconnects automatically. */
const RECONNECTS_AFTER = ['UND_ERR_SOCKET', 'UND_ERR_INFO'];

function final(error: Error & { readonly code?: string }): Error {
  if (error.code === undefined || !RECONNECTS_AFTER.includes(error.code)) return error;
  return Object.assign(new Error('the connection was closed before it was established', { cause: error }), {
    code: 'UND_ERR_CLOSED',
  });
}

const CONTINUE = Buffer.from('HTTP/1.1 100');
const END = Buffer.from('\r\n\r\n');

/** Removes interim answers with the status 100 from what a socket receives: undici reports them as an invalid answer. */
function withoutContinue<S extends Socket>(socket: S): S {
  const push = Reflect.get(socket, 'push') as (this: Socket, ...chunk: unknown[]) => boolean;
  const write = Reflect.get(socket, 'write') as (this: Socket, ...chunk: unknown[]) => boolean;
  /** Whether the next bytes are the beginning of an answer. */
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

/** Whether the bytes are the beginning of an interim answer; they can end before its status line does. */
function isContinue(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, CONTINUE.length);
  return length > 0 && bytes.subarray(0, length).equals(CONTINUE.subarray(0, length));
}

const SCHEMES = ['http:', 'https:', 'socks5:'];

/**
 * The URL of the proxy that an environment variable names, read as curl reads it: without a scheme, the proxy is HTTP, and its
 * default port is 1080.
 * @param name The variable's name, for messages: the value can hold a password.
 * @throws UserError of kind `usage` where it cannot be read
 */
export function proxyUrl(text: string, name: string): string {
  const hasScheme = text.includes('://');
  const whole = hasScheme ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (url === null || !SCHEMES.includes(url.protocol) || url.hostname === '') {
    throw new UserError(
      'usage',
      `the proxy in ${name} cannot be read: nothing was sent`,
      `Set it as http://HOST:PORT or HOST:PORT, or unset ${name}.`,
    );
  }
  if (!hasScheme && url.port === '' && !/:80\/?$/.test(text)) url.port = '1080';
  return url.href;
}
