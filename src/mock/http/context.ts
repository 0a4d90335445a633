import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../domain/clock.js';
import type { MockOptions } from '../options.js';
import type { MockSpace, MockSpaces } from '../store/space.js';
import type { BodyReader } from './body.js';
import type { Forwarder } from './forward.js';
import type { RequestTarget } from './request-head.js';
import type { InFlight } from './server.js';

/** What all requests to a mock share. */
export interface MockContext {
  readonly options: Pick<MockOptions, 'record' | 'onRequest'>;
  readonly clock: Clock;
  readonly spaces: MockSpaces;
  readonly bodies: BodyReader;
  readonly forwarder: Forwarder | null;
  readonly inFlight: InFlight;
  /** Names under which the page and the control API may be asked for. */
  readonly allowedHosts: ReadonlySet<string>;
}

/** One request that is being answered. */
export interface HttpExchange {
  readonly context: MockContext;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The TCP socket, below TLS too. */
  readonly socket: Socket;
  readonly target: RequestTarget;
  readonly space: MockSpace;
}
