import { UserError } from '../domain/errors.js';
import { isJsonObject } from '../wire/json.js';
import { parseFault } from './faults/fault.js';
import { discard } from './http/body.js';
import type { HttpExchange } from './http/context.js';
import { sendJson } from './http/reply.js';
import { MAX_CONTROL_BYTES, MAX_WAIT_SECONDS } from './limits.js';
import { streamEvents } from './page/event-stream.js';
import { parseFilter } from './store/request-store.js';

interface ControlReply {
  readonly status: number;
  readonly value: object;
}

type Handler = (exchange: HttpExchange) => ControlReply | Promise<ControlReply | null> | null;

const DEFAULT_WAIT_SECONDS = 10;

const GET: Readonly<Record<string, Handler>> = {
  summary: ({ space, target }) => ok({ summary: space.store.summary(parseFilter(target.query)) }),
  requests: ({ space, target }) => ok({ requests: space.store.requests(parseFilter(target.query)) }),
  sessions: ({ space, target }) => ok({ sessions: space.store.sessions(parseFilter(target.query)) }),
  findings: ({ space, target }) => ok({ findings: space.store.findings(parseFilter(target.query)) }),
  wait,
  events({ response, space }) {
    streamEvents(response, space);
    return null;
  },
};

const POST: Readonly<Record<string, Handler>> = {
  reset({ request, space }) {
    discard(request);
    space.reset();
    return ok({ settings: space.settings, summary: space.store.summary() });
  },
  async enabled(exchange) {
    const value = await jsonOf(exchange);
    const enabled = isJsonObject(value) ? value.enabled : undefined;
    if (typeof enabled !== 'boolean') return wrong('Expected {"enabled": true} or {"enabled": false}');
    exchange.space.setEnabled(enabled);
    return ok({ settings: exchange.space.settings });
  },
  async faults(exchange) {
    const value = await jsonOf(exchange);
    const specs = isJsonObject(value) ? value.faults : value;
    const seed = isJsonObject(value) ? value.seed : undefined;
    if (!Array.isArray(specs) || !specs.every((spec) => typeof spec === 'string')) {
      return wrong('Expected {"faults": ["503@#1", "delay=200ms"]}; an empty list ends all faults');
    }
    if (seed !== undefined && !Number.isSafeInteger(seed)) return wrong('Expected a whole number for "seed"');
    try {
      exchange.space.setFaults(specs.map(parseFault), seed as number | undefined);
    } catch (error) {
      if (error instanceof UserError) return wrong(`${error.message}. ${error.advice ?? ''}`);
      throw error;
    }
    return ok({ settings: exchange.space.settings });
  },
};

const PATHS = [
  ...Object.keys(GET).map((name) => `GET /_mock/${name}`),
  ...Object.keys(POST).map((name) => `POST /_mock/${name}`),
];

/** Answers a request to the control API; an unknown path is a 404 that names the known ones. @param name What follows `/_mock/`. */
export async function answerControl(exchange: HttpExchange, name: string): Promise<void> {
  const { request, response } = exchange;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const [routes, others] = method === 'POST' ? [POST, GET] : [GET, POST];
  const handle = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (handle && (method === 'GET' || method === 'POST')) {
    const reply = await handle(exchange);
    if (reply) sendJson(response, reply.status, reply.value);
    return;
  }
  discard(request);
  const known = Object.hasOwn(others, name) || Object.hasOwn(routes, name);
  const error = known ? `${request.method} is not taken here` : `No path /_mock/${name}`;
  sendJson(response, known ? 405 : 404, { error, paths: PATHS });
}

async function wait({ response, space, target: { query } }: HttpExchange): Promise<ControlReply | null> {
  const sessions = numberOf(query.get('sessions'), 1);
  const timeout = numberOf(query.get('timeout'), DEFAULT_WAIT_SECONDS);
  if (sessions === null || !Number.isInteger(sessions)) return wrong('Expected a whole number for sessions');
  if (timeout === null || timeout > MAX_WAIT_SECONDS) {
    return wrong(`Expected a timeout of 0 to ${MAX_WAIT_SECONDS} seconds`);
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const filter = parseFilter(query);
  const arrived = await space.wait(sessions, filter, timeout * 1000, gone.signal);
  if (response.destroyed) return null;
  const summary = space.store.summary(filter);
  if (arrived) return ok({ summary });
  return {
    status: 408,
    value: { error: `Expected ${sessions} sessions in ${timeout} s, received ${summary.sessions}`, summary },
  };
}

function numberOf(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

async function jsonOf({ request, response, context }: HttpExchange): Promise<unknown> {
  const bytes = await context.bodies.read(request, response, MAX_CONTROL_BYTES);
  if (typeof bytes === 'string') {
    discard(request);
    return undefined;
  }
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function ok(value: object): ControlReply {
  return { status: 200, value };
}

function wrong(error: string): ControlReply {
  return { status: 400, value: { error } };
}
