import { X509Certificate } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  STATUS_CODES,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../domain/clock.js';
import {
  HEADERS_TIMEOUT_MS,
  MAX_CONNECTIONS,
  MAX_HEADER_BYTES,
  REQUEST_TIMEOUT_MS,
  SETTLE_MS,
} from '../options.js';

/** A listening server. */
export interface RunningServer {
  readonly address: AddressInfo;
  /** The TCP socket of a request, also for a TLS connection. */
  socketOf(request: IncomingMessage): Socket;
  /** Accepts no more connections, and closes the open ones. */
  close(): Promise<void>;
}

export interface ServerSettings {
  readonly port: number;
  readonly host: string;
  readonly tls: { readonly cert: string; readonly key: string } | null;
}

const LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 2000,
};

/**
 * Starts a server with limits for headers, requests and connections.
 * @throws the system's error if it cannot listen, or the certificate and key are not valid
 */
export async function listen(
  settings: ServerSettings,
  listener: RequestListener,
  onRefused: (refused: RefusedConnection) => void = () => {},
): Promise<RunningServer> {
  const { port, host, tls } = settings;
  const server: Server = tls ? createTlsServer({ ...LIMITS, ...tls }) : createServer(LIMITS);
  const connections = new Connections(MAX_CONNECTIONS);
  const handle: RequestListener = (request, response) => {
    connections.busy(request.socket);
    response.once('close', () => connections.idle(request.socket));
    listener(request, response);
  };
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => {});
    connections.take(socket);
  });
  server.on('request', handle);
  const refusedSockets = new WeakSet<Socket>();
  server.on('clientError', (error: ClientError, socket: Socket) => {
    const refused = refusalOf(error, tls !== null);
    // Further data on the connection causes the error again: report it only once.
    if (refused && !refusedSockets.has(socket)) onRefused(refused);
    refusedSockets.add(socket);
    if (socket.writable && refused?.status) socket.end(refusalResponse(refused.status));
    else socket.destroy();
  });
  server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
    onRefused({ method: 'CONNECT', url, status: 405, why: NO_PROXY });
    socket.end(refusalResponse(405));
  });
  // Do not send `100 Continue` here: the code that reads the body does.
  server.on('checkContinue', handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    address: server.address() as AddressInfo,
    socketOf: ({ socket }) => connections.busy(socket),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        connections.closeAll();
      }),
  };
}

/** A request that failed before it could be read as HTTP: what is known about it, and what to do. */
export interface RefusedConnection {
  readonly method: string;
  readonly url: string;
  /** The status of the answer; null if no answer could be sent. */
  readonly status: number | null;
  readonly why: string;
}

interface ClientError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
}

const NO_PROXY = 'the mock is not a proxy: point the player at the URL of the mock';
const TLS_RECORD = 0x16;
const HTTP2_PREFACE = 'PRI * HTTP/2.0';

/** What a client did wrong; null if it only disconnected. */
function refusalOf({ code = '', rawPacket, message }: ClientError, tls: boolean): RefusedConnection | null {
  const start = rawPacket?.subarray(0, 24) ?? Buffer.alloc(0);
  const refusal = (method: string, status: number | null, why: string) => ({ method, url: '', status, why });
  if (tls && (code === 'ERR_SSL_HTTP_REQUEST' || /http request/i.test(message)))
    return refusal('HTTP', null, 'plain HTTP where the mock speaks TLS: use a URL with https://');
  if (!tls && start[0] === TLS_RECORD)
    return refusal(
      'TLS',
      400,
      'TLS where the mock speaks plain HTTP: use a URL with http://, or give --tls-cert and --tls-key',
    );
  if (start.toString('latin1').startsWith(HTTP2_PREFACE))
    return refusal('HTTP/2', 400, 'HTTP/2 without TLS: the mock speaks HTTP/1.1');
  if (code === 'HPE_HEADER_OVERFLOW')
    return refusal(
      'HTTP',
      431,
      `headers of more than ${MAX_HEADER_BYTES / 1024} KiB: send fewer cookies, or a shorter URL`,
    );
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return refusal(
      'HTTP',
      408,
      `not complete in time: ${HEADERS_TIMEOUT_MS / 1000} s for headers, ${REQUEST_TIMEOUT_MS / 1000} s in all`,
    );
  // A request whose sender disconnects is counted by the code that reads its body.
  if (code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE')
    return refusal('HTTP', 400, `not an HTTP/1.1 request: ${message.replace(/^Parse Error: /, '')}`);
  if (tls && code.startsWith('ERR_SSL'))
    return refusal(
      'TLS',
      null,
      `TLS failed (${message.split(':').at(-1)}): let the player trust the mock's certificate`,
    );
  return null;
}

function refusalResponse(status: number): string {
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
}

/** Whether an address means all addresses of this machine. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '';
}

/**
 * The URL at which this machine reaches a server. With TLS, uses the name `localhost` if the certificate is for that name and
 * not for the address.
 * @param cert The certificate's PEM text.
 */
export function baseUrlOf(port: number, host: string, cert: string | undefined): string {
  const address = isWildcard(host) ? (host.includes(':') ? '::1' : '127.0.0.1') : host;
  const own = address.includes(':') ? `[${address}]` : address;
  if (cert === undefined) return `http://${own}:${port}`;
  const certificate = new X509Certificate(cert);
  const byName =
    certificate.checkIP(address) === undefined && certificate.checkHost('localhost') !== undefined;
  return `https://${byName ? 'localhost' : own}:${port}`;
}

/**
 * The TCP connections of a server. At the maximum, closes the one that has been idle longest, so that idle connections never
 * keep new ones out.
 */
export class Connections {
  readonly #all = new Map<string, Socket>();
  /** The keys of the idle connections, the longest idle first. */
  readonly #idle = new Set<string>();

  constructor(readonly maxCount: number) {}

  /** Accepts a connection, or closes it if there is no room. */
  take(socket: Socket): void {
    const key = keyOf(socket);
    if (this.#all.size >= this.maxCount) {
      const [oldest] = this.#idle;
      if (oldest === undefined) {
        socket.destroy();
        return;
      }
      this.#idle.delete(oldest);
      this.#all.get(oldest)?.destroy();
      this.#all.delete(oldest);
    }
    this.#all.set(key, socket);
    this.#idle.add(key);
    socket.once('close', () => {
      if (this.#all.get(key) !== socket) return;
      this.#all.delete(key);
      this.#idle.delete(key);
    });
  }

  /**
   * Call it when a request starts on a connection. Returns the TCP socket. @param socket The TCP socket, or the TLS socket
   * above it.
   */
  busy(socket: Socket): Socket {
    const key = keyOf(socket);
    this.#idle.delete(key);
    return this.#all.get(key) ?? socket;
  }

  /** Call it when the request on a connection ends. */
  idle(socket: Socket): void {
    const key = keyOf(socket);
    if (this.#all.has(key)) this.#idle.add(key);
  }

  get size(): number {
    return this.#all.size;
  }

  closeAll(): void {
    for (const socket of this.#all.values()) socket.destroy();
  }
}

/** The key of a connection: a TLS socket and the TCP socket below it have the same key. */
function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** Counts the requests in progress, so that no request that has reached this machine is lost when the mock stops. */
export class InFlight {
  #active = 0;
  readonly #waiting = new Set<() => void>();

  constructor(readonly clock: Clock) {}

  /** Does some work for which `settled` waits. */
  async during(work: () => Promise<void>): Promise<void> {
    this.#active += 1;
    try {
      await work();
    } finally {
      this.#active -= 1;
      if (this.#active === 0) for (const resolve of this.#waiting) resolve();
    }
  }

  /** Waits until no request is in progress, up to a time limit. */
  async settled(): Promise<void> {
    // Each turn of the event loop accepts connections and reads the data that has arrived.
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (this.#active === 0) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        cancel();
        this.#waiting.delete(end);
        resolve();
      };
      const cancel = this.clock.after(SETTLE_MS, end);
      this.#waiting.add(end);
    });
  }
}
