import { ENDPOINT_PATH } from '../wire/body.js';
import { parseTarget } from './http/exchange.js';
import { ANOTHER_PATH, enabledReply, messageReply, sendReply } from './http/reply.js';
import { listen } from './http/server.js';

/** An endpoint that answers as Omny does where nothing is wrong, and keeps nothing. */
export interface InProcessMock {
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Starts the mock of `send --endpoint mock`: it reads each body to its end and answers `Enabled: true` (API-6). Nobody could ask it what
 * arrived, and `send` has checked everything before: so, unlike `startMockEndpoint`, it checks nothing and remembers nothing.
 */
export async function startInProcessMock(): Promise<InProcessMock> {
  const enabled = enabledReply(true);
  const server = await listen({ port: 0, host: HOST, tls: null }, (request, response) => {
    const known = request.method === 'POST' && parseTarget(request.url ?? '/').path === ENDPOINT_PATH;
    request
      .resume()
      .once('end', () => sendReply(response, known ? enabled : messageReply(404, ANOTHER_PATH)));
  });
  return { url: `http://${HOST}:${server.address.port}${ENDPOINT_PATH}`, close: () => server.close() };
}
