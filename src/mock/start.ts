import type { IncomingMessage, ServerResponse } from 'node:http';
import { Tally } from '../validate/tally.js';
import { messageAnswer, send } from './answer.js';
import { baseUrlOf, isWildcard } from './base-url.js';
import { BodyReader } from './body-bytes.js';
import { wallClock } from './clock.js';
import { parseFault } from './fault-spec.js';
import { inspectOptionsOf } from './inspect-options.js';
import { Ledgers } from './ledgers.js';
import { type MockEndpoint, type MockLedger, mockLedger } from './mock-endpoint.js';
import type { MockOptions } from './options.js';
import { type RouteParts, route } from './route.js';
import { listen } from './server.js';
import { Settling } from './settling.js';
import { targetOf } from './target.js';

const DEFAULT_PORT = 8787;

/**
 * Starts a stand-in for Omny's endpoint: it takes what a player posts, checks it with every rule, and answers as Omny does (API-6) or as
 * faults want. The defaults are those of `omny-consume mock`.
 *
 * @throws UserError `usage` where a fault cannot be read; the system's error where it cannot listen
 */
export async function startMockEndpoint(options: MockOptions = {}): Promise<MockEndpoint> {
  const { host = '127.0.0.1', port = DEFAULT_PORT, clock = wallClock, tls = null } = options;
  const faults = (options.faults ?? []).map(parseFault);
  const total = new Tally();
  const settling = new Settling(clock);
  const forwarder = options.forward ? new (await import('./forward.js')).Forwarder(options.forward) : null;

  const server = await listen({ port, host, tls }, (request, response) => {
    route(request, response, server.socketOf(request), parts).catch((error: unknown) =>
      failed(error, request, response, options),
    );
  });
  const ledgers = new Ledgers(baseUrlOf(server.address.port, host, tls?.cert), {
    faults,
    seed: options.seed ?? 0,
    enabled: options.enabled ?? true,
    strict: options.strict ?? false,
    inspect: (remember) => inspectOptionsOf(options, () => clock.now(), remember),
    clock,
    onInspected(inspected) {
      total.add(inspected);
      if (inspected.kind === 'finding') options.onFinding?.(inspected.finding);
    },
  });
  const parts: RouteParts = {
    clock,
    bodies: new BodyReader(),
    forwarder,
    record: options.record,
    onRequest: options.onRequest,
    ledgers,
    settling,
    allowed: new Set(
      [...(options.allowHosts ?? []), ...(isWildcard(host) ? [] : [host])].map((name) => name.toLowerCase()),
    ),
  };

  let closed: Promise<void> | undefined;
  return {
    ...mockLedger(ledgers.main),
    baseUrl: ledgers.baseUrl,
    ledger: (name) => namedLedger(ledgers, name),
    total: () => total.summary(),
    settled: () => settling.settled(),
    close() {
      closed ??= (async () => {
        await settling.settled();
        await server.close();
        await forwarder?.close();
      })();
      return closed;
    },
  };
}

function namedLedger(ledgers: Ledgers, name: string): MockLedger {
  if (targetOf(`/t/${name}/`).ledger === name) return mockLedger(ledgers.of(name));
  throw new RangeError(
    `A ledger's name is of at most 100 letters, digits and . _ ~ -, received ${JSON.stringify(name)}`,
  );
}

function failed(
  error: unknown,
  request: IncomingMessage,
  response: ServerResponse,
  { onBug }: MockOptions,
): void {
  if (response.headersSent) request.destroy();
  else send(response, messageAnswer(500, 'A bug of omny-consume: see where the mock was started'));
  if (!onBug) throw error;
  onBug(error);
}
