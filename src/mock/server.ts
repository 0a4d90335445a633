import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Connections } from './connections.js';
import { HEADERS_TIMEOUT_MS, MAX_CONNECTIONS, MAX_HEADER_BYTES, REQUEST_TIMEOUT_MS } from './limits.js';

/** A listening server. */
export interface RunningServer {
  readonly address: AddressInfo;
  /** The TCP socket that a request came over, below TLS too. */
  socketOf(request: IncomingMessage): Socket;
  /** Takes no more connections and ends those there are. */
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
 * Listens, with limits to what headers, requests and connections may take.
 * @throws the system's error where it cannot listen, or where the certificate and key are none
 */
export async function listen(settings: ServerSettings, listener: RequestListener): Promise<RunningServer> {
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
  // What the client waits to send is asked for only where it is read.
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
