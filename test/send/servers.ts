import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** An HTTP server on a free loopback port, until the test ends. Gives its base URL. */
export async function serveHttp(listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener);
  onTestFinished(() => closed(server, () => server.closeAllConnections()));
  return listening(server);
}

/** A server of bare sockets: `talk` is called once the whole of a request has arrived. Gives its base URL. */
export async function serveRaw(talk: (socket: Socket, request: string) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let request = '';
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (chunk) => {
      request += chunk;
      const [, length] = /content-length: (\d+)\r\n/i.exec(request) ?? [];
      const body = request.indexOf('\r\n\r\n') + 4;
      if (length === undefined || body < 4 || request.length < body + Number(length)) return;
      const whole = request;
      request = '';
      talk(socket, whole);
    });
  });
  onTestFinished(() =>
    closed(server, () => {
      for (const socket of sockets) socket.destroy();
    }),
  );
  return listening(server);
}

/** The URL of a port at which nothing listens. */
export async function nobody(): Promise<string> {
  const server = createServer();
  const url = await listening(server);
  await closed(server, () => {});
  return url;
}

async function listening(server: NetServer | Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closed(server: NetServer | Server, disconnect: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    disconnect();
  });
}
