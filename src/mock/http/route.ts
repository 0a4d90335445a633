import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { behavioursNamed } from '../../certify/define.js';
import { sheetJson } from '../../certify/sheet.js';
import { UserError } from '../../domain/errors.js';
import { RULE_IDS, type RuleId } from '../../domain/finding.js';
import { recorderLines } from '../../recorder/source.js';
import { RULES } from '../../rules/index.js';
import { endpointPathAtEnd } from '../../wire/body.js';
import { isJsonObject } from '../../wire/json.js';
import { parseFault } from '../faults/fault.js';
import { MAX_CONTROL_BYTES, MAX_WAIT_SECONDS } from '../options.js';
import { servePage, streamEvents } from '../page/page.js';
import type { RuleText } from '../page-data.js';
import { parseFilter } from '../store/request-store.js';
import { discard } from './body.js';
import { answerEndpoint, answerUnmatched } from './endpoint.js';
import { type HttpExchange, type MockContext, parseTarget } from './exchange.js';
import { sendJson } from './reply.js';

const CONTROL = '/_mock/';

/** Answers a request by its path. @param socket The TCP socket, also for a TLS connection. */
export async function route(
  request: IncomingMessage,
  response: ServerResponse,
  socket: Socket,
  context: MockContext,
): Promise<void> {
  const target = parseTarget(request.url ?? '/');
  const { path } = target;
  // The first use of a name creates its space. Requests for the page and refused requests must not create one.
  const exchange = () => {
    const space = context.spaces.of(target.space);
    return { context, request, response, socket, target, space };
  };
  const page = isPage(path, request.method);
  if (!page && !path.startsWith(CONTROL)) {
    if (endpointPathAtEnd(path) !== path) return answerUnmatched(exchange());
    const endpoint = exchange();
    return context.inFlight.during(() => answerEndpoint(endpoint));
  }
  const refused = refusalReason(request, context.allowedHosts);
  if (refused !== null) {
    discard(request);
    return sendJson(response, 403, { error: `Refused: ${refused}` });
  }
  if (page) return servePage(request, response, target);
  return answerControl(exchange(), path.slice(CONTROL.length));
}

/** Whether a request is for the page, or for the icon that browsers request automatically. */
function isPage(path: string, method = ''): boolean {
  return (method === 'GET' || method === 'HEAD') && (path === '/' || path === '/favicon.ico');
}

/**
 * Why a request cannot see the page or the control API; null if it can. A web page of another site can make a browser send
 * requests to the mock: under a name that it points to this machine (DNS rebinding), or across origins. The Host and Origin
 * headers show this.
 * @param allowed Names in addition to `localhost` and the request's own address, in lower case.
 */
export function refusalReason(
  {
    headers,
    socket,
  }: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly localAddress?: string } },
  allowed: ReadonlySet<string>,
): string | null {
  const host = headers.host?.toLowerCase() ?? '';
  const name = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  const own = name === 'localhost' || name === addressOf(socket.localAddress) || allowed.has(name);
  if (!own)
    return `the host ${JSON.stringify(headers.host ?? '')} is not this mock's: --allow-host allows it`;
  const { origin } = headers;
  if (origin !== undefined && hostOf(origin) !== host) {
    return `the origin ${JSON.stringify(origin)} is not the mock's: send the request without a browser, or from the mock's own page`;
  }
  const site = headers['sec-fetch-site'];
  if ((site === 'cross-site' || site === 'same-site') && headers['sec-fetch-mode'] !== 'navigate') {
    return 'a page of another site sent the request in a browser';
  }
  return null;
}

/** An address without the IPv6 prefix of a mapped IPv4 address. */
function addressOf(local: string | undefined): string | undefined {
  return local?.replace(/^::ffff:/i, '');
}

function hostOf(origin: string): string | null {
  return /^https?:\/\//i.test(origin) ? origin.replace(/^https?:\/\//i, '').toLowerCase() : null;
}

interface ControlReply {
  readonly status: number;
  readonly value: object;
}

type Handler = (exchange: HttpExchange) => ControlReply | Promise<ControlReply | null> | null;

const DEFAULT_WAIT_SECONDS = 10;

const GET: Readonly<Record<string, Handler>> = {
  summary: ({ space, target }) => ok({ summary: space.store.currentSummary(parseFilter(target.query)) }),
  requests: ({ space, target }) => ok({ requests: space.store.requests(parseFilter(target.query)) }),
  sessions: ({ space, target }) => ok({ sessions: space.store.sessions(parseFilter(target.query)) }),
  findings: ({ space, target }) => ok({ findings: space.store.findings(parseFilter(target.query)) }),
  diagnoses: ({ space }) => ok({ diagnoses: space.store.diagnoses() }),
  certify,
  rules: () => ok({ rules: RULE_IDS.map(ruleText) }),
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

/**
 * Answers a request to the control API; an unknown path is a 404 that names the known ones. @param name The path after
 * `/_mock/`.
 */
async function answerControl(exchange: HttpExchange, name: string): Promise<void> {
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
  const error = known ? `${request.method} is not accepted here` : `No path /_mock/${name}`;
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

/**
 * The sheet of behaviours in the form of `certify --format json`. `?require=` names the behaviours that must be seen
 * right, instead of the mock's option.
 */
function certify({ space, target: { query } }: HttpExchange): ControlReply {
  const require = query.get('require');
  try {
    const sheet = space.sheet(require === null ? undefined : behavioursNamed(require.split(',')));
    if (sheet) return ok(sheetJson(sheet));
  } catch (error) {
    if (error instanceof UserError) return wrong(`${error.message}. ${error.advice ?? ''}`);
    throw error;
  }
  return { status: 404, value: { error: 'The mock keeps no sheet of behaviours: start it with --certify' } };
}

function ruleText(id: RuleId): RuleText {
  const { severity, title, why, mend, reference, guide } = RULES[id];
  const { firesWhen, inferred, cites } = guide();
  return {
    id,
    severity,
    title,
    why,
    firesWhen,
    inferred,
    mend,
    code: recorderLines(cites),
    reference: reference || null,
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
