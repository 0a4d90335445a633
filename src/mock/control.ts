import type { IncomingMessage, ServerResponse } from 'node:http';
import { UserError } from '../domain/errors.js';
import { isJsonObject } from '../wire/shape.js';
import { type BodyReader, discard } from './body-bytes.js';
import { streamEvents } from './events.js';
import { parseFault } from './fault-spec.js';
import { filterOf } from './filter.js';
import type { Ledger } from './ledger.js';
import { MAX_CONTROL_BYTES, MAX_WAIT_SECONDS } from './limits.js';

/** A question to the control API. */
export interface Question {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly ledger: Ledger;
  readonly query: URLSearchParams;
  /** What follows `/_mock/`. */
  readonly name: string;
}

interface Reply {
  readonly status: number;
  readonly value: object;
}

type Answerer = (question: Question, bodies: BodyReader) => Reply | Promise<Reply | null> | null;

const WAIT_SECONDS = 10;

const GET: Readonly<Record<string, Answerer>> = {
  summary: ({ ledger, query }) => ok({ summary: ledger.book.summary(filterOf(query)) }),
  requests: ({ ledger, query }) => ok({ requests: ledger.book.requests(filterOf(query)) }),
  sessions: ({ ledger, query }) => ok({ sessions: ledger.book.sessions(filterOf(query)) }),
  findings: ({ ledger, query }) => ok({ findings: ledger.book.findings(filterOf(query)) }),
  wait,
  events({ response, ledger }) {
    streamEvents(response, ledger);
    return null;
  },
};

const POST: Readonly<Record<string, Answerer>> = {
  reset({ request, ledger }) {
    discard(request);
    ledger.reset();
    return ok({ settings: ledger.settings, summary: ledger.book.summary() });
  },
  async enabled(question, bodies) {
    const value = await jsonOf(question, bodies);
    const enabled = isJsonObject(value) ? value.enabled : undefined;
    if (typeof enabled !== 'boolean') return wrong('Expected {"enabled": true} or {"enabled": false}');
    question.ledger.setEnabled(enabled);
    return ok({ settings: question.ledger.settings });
  },
  async faults(question, bodies) {
    const value = await jsonOf(question, bodies);
    const specs = isJsonObject(value) ? value.faults : value;
    const seed = isJsonObject(value) ? value.seed : undefined;
    if (!Array.isArray(specs) || !specs.every((spec) => typeof spec === 'string')) {
      return wrong('Expected {"faults": ["503@#1", "delay=200ms"]}; an empty list ends all faults');
    }
    if (seed !== undefined && !Number.isSafeInteger(seed)) return wrong('Expected a whole number for "seed"');
    try {
      question.ledger.setFaults(specs.map(parseFault), seed as number | undefined);
    } catch (error) {
      if (error instanceof UserError) return wrong(`${error.message}. ${error.advice ?? ''}`);
      throw error;
    }
    return ok({ settings: question.ledger.settings });
  },
};

const PATHS = [
  ...Object.keys(GET).map((name) => `GET /_mock/${name}`),
  ...Object.keys(POST).map((name) => `POST /_mock/${name}`),
];

/** Answers what is asked of the control API. A path that it has not is a 404 that names those it has. */
export async function answerControl(question: Question, bodies: BodyReader): Promise<void> {
  const { request, response, name } = question;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const [routes, others] = method === 'POST' ? [POST, GET] : [GET, POST];
  const answerer = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (answerer && (method === 'GET' || method === 'POST')) {
    const reply = await answerer(question, bodies);
    if (reply) json(response, reply);
    return;
  }
  discard(request);
  const known = Object.hasOwn(others, name) || Object.hasOwn(routes, name);
  const error = known ? `${request.method} is not taken here` : `No path /_mock/${name}`;
  json(response, { status: known ? 405 : 404, value: { error, paths: PATHS } });
}

/** Sends JSON that no page of another origin can read, and no browser takes for anything else. */
export function json(response: ServerResponse, { status, value }: Reply): void {
  const body = Buffer.from(`${JSON.stringify({ version: 1, ...value })}\n`);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': "default-src 'none'",
  });
  response.end(body);
}

async function wait({ response, ledger, query }: Question): Promise<Reply | null> {
  const sessions = numberOf(query.get('sessions'), 1);
  const timeout = numberOf(query.get('timeout'), WAIT_SECONDS);
  if (sessions === null || !Number.isInteger(sessions)) return wrong('Expected a whole number for sessions');
  if (timeout === null || timeout > MAX_WAIT_SECONDS) {
    return wrong(`Expected a timeout of 0 to ${MAX_WAIT_SECONDS} seconds`);
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const filter = filterOf(query);
  const there = await ledger.wait(sessions, filter, timeout * 1000, gone.signal);
  if (response.destroyed) return null;
  const summary = ledger.book.summary(filter);
  if (there) return ok({ summary });
  return {
    status: 408,
    value: { error: `Expected ${sessions} sessions in ${timeout} s, received ${summary.sessions}`, summary },
  };
}

function numberOf(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

async function jsonOf({ request, response }: Question, bodies: BodyReader): Promise<unknown> {
  const bytes = await bodies.read(request, response, MAX_CONTROL_BYTES);
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

function ok(value: object): Reply {
  return { status: 200, value };
}

function wrong(error: string): Reply {
  return { status: 400, value: { error } };
}
