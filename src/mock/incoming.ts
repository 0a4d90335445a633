import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { BodyReader } from './body-bytes.js';
import type { MockClock } from './clock.js';
import type { Forwarder } from './forward.js';
import type { Ledger } from './ledger.js';
import type { MockOptions } from './options.js';
import type { Target } from './target.js';

/** What the endpoint works with. */
export interface EndpointParts {
  readonly clock: MockClock;
  readonly bodies: BodyReader;
  readonly forwarder: Forwarder | null;
  readonly record: MockOptions['record'];
  readonly onRequest: MockOptions['onRequest'];
}

/** A request on its way. */
export interface Incoming {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The TCP socket, below TLS too. */
  readonly socket: Socket;
  readonly target: Target;
  readonly ledger: Ledger;
}
