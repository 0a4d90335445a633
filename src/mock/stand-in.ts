import { ENDPOINT_PATH } from '../wire/body.js';
import { ANOTHER_PATH, enabledAnswer, messageAnswer, send } from './answer.js';
import { listen } from './server.js';
import { targetOf } from './target.js';

/** An endpoint that answers as Omny does where nothing is wrong, and keeps nothing. */
export interface StandIn {
  readonly url: string;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Starts the mock of `send --endpoint mock`: it reads each body to its end and answers `Enabled: true` (API-6). What a ledger would tell
 * nobody could ask for, and `send` has checked everything before: so, unlike `startMockEndpoint`, it checks nothing and remembers nothing.
 */
export async function startStandIn(): Promise<StandIn> {
  const enabled = enabledAnswer(true);
  const server = await listen({ port: 0, host: HOST, tls: null }, (request, response) => {
    const known = request.method === 'POST' && targetOf(request.url ?? '/').path === ENDPOINT_PATH;
    request.resume().once('end', () => send(response, known ? enabled : messageAnswer(404, ANOTHER_PATH)));
  });
  return { url: `http://${HOST}:${server.address.port}${ENDPOINT_PATH}`, close: () => server.close() };
}
