import type { Dispatcher } from 'undici';
import { type Clock, systemClock } from '../domain/clock.js';
import type { Batch } from '../write/batches.js';
import { type Attempt, printable, readAnswer } from './answer.js';
import { type ConnectionOptions, connections } from './connections.js';
import { type Endpoint, requestUrl } from './endpoint.js';

/** Posts a batch once and returns the result. Network errors are in the result, not thrown. */
export type Post = (batch: Pick<Batch, 'organizationId' | 'body'>) => Promise<Attempt>;

export interface Client {
  readonly post: Post;
  /** Closes all connections; posts that are still in flight fail. */
  close(): Promise<void>;
}

export interface ClientOptions extends Omit<ConnectionOptions, 'loopback'> {
  readonly endpoint: Endpoint;
  /** The version of this program, for the User-Agent. */
  readonly version: string;
  readonly clock?: Clock | undefined;
  /** Used instead of new connections; closed with the client. @internal */
  readonly dispatcher?: Dispatcher | undefined;
}

const MAX_ANSWER_BYTES = 65_536;

/** The error codes of a connection that the server closed. */
const CLOSED = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'];

/** Connections to an endpoint (API-1, API-2): kept alive, one request at a time on each, redirects never followed. */
export function openClient(options: ClientOptions): Client {
  const { endpoint, version, timeoutMs, clock = systemClock } = options;
  const open = () => options.dispatcher ?? connections({ ...options, loopback: endpoint.loopback });
  let dispatcher = open();
  /** Whether any connection of `dispatcher` has carried an answer, and so may be reused. */
  let reused = false;
  const old: Dispatcher[] = [];
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': `omny-consume/${version}`,
    ...(endpoint.authorization === null ? {} : { authorization: endpoint.authorization }),
  };
  const limits = { timeoutMs, maxAnswerBytes: MAX_ANSWER_BYTES, clock };
  /** The URL of the last request, kept because the next request often has the same organization. */
  let last = { organizationId: '', ...targetOf(endpoint, '') };
  return {
    async post({ organizationId, body }) {
      if (organizationId !== last.organizationId)
        last = { organizationId, ...targetOf(endpoint, organizationId) };
      const { origin, path } = last;
      const used = dispatcher;
      const attempt = await exchange(used, { origin, path, method: 'POST', headers, body }, limits);
      if (attempt.kind === 'answered') reused = true;
      else if (
        attempt.kind === 'no-answer' &&
        CLOSED.includes(attempt.code) &&
        reused &&
        used === dispatcher
      ) {
        // The server closed an idle connection: it may have closed the others too, so later posts use new ones.
        dispatcher = open();
        reused = false;
        if (dispatcher !== used) old.push(used);
      }
      return attempt;
    },
    async close() {
      await Promise.all([...old, dispatcher].map((each) => each.destroy()));
    },
  };
}

function targetOf(
  endpoint: Endpoint,
  organizationId: string,
): { readonly origin: string; readonly path: string } {
  const { origin, pathname, search } = new URL(requestUrl(endpoint, organizationId));
  return { origin, path: pathname + search };
}

/** The limits of one exchange, from connecting to the answer's last byte. */
interface ExchangeLimits {
  readonly timeoutMs: number;
  /** Longer answers are cut off here. */
  readonly maxAnswerBytes: number;
  readonly clock: Clock;
}

type Head = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>;

/**
 * One request and its response. undici reports when a request is about to be written to an open connection: what
 * fails before that was not sent, and what fails after it could have been counted.
 */
function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  { timeoutMs, maxAnswerBytes, clock }: ExchangeLimits,
): Promise<Attempt> {
  return new Promise((resolve) => {
    const secure = String(request.origin).startsWith('https:');
    const chunks: Buffer[] = [];
    let size = 0;
    let head: Head | null = null;
    let controller: Dispatcher.DispatchController | null = null;
    let settled = false;

    const settle = (attempt: Attempt) => {
      if (settled) return;
      settled = true;
      callOff();
      resolve(attempt);
    };
    const fail = (code: string, message: string) => {
      // The request was at least partly sent, so it may have been counted, whatever failed afterwards.
      if (controller !== null)
        return settle({ kind: 'no-answer', code, message, status: head?.statusCode ?? null });
      const byProxy = /^Proxy response \((\d+)\)/.exec(message)?.[1];
      if (byProxy !== undefined) settle({ kind: 'proxy', status: Number(byProxy) });
      else if (secure && isTlsCode(code)) settle({ kind: 'tls', code, message });
      else settle({ kind: 'not-connected', code, message });
    };
    const giveUp = (attempt: () => void) => {
      attempt();
      controller?.abort(new Error('given up'));
    };
    const answer = (tooLarge: boolean) => {
      const { statusCode = 0, headers = {} } = head ?? {};
      const encoding = first(headers['content-encoding']);
      settle({
        kind: 'answered',
        status: statusCode,
        ...readAnswer({
          bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks),
          tooLarge,
          encoding,
        }),
        retryAfter: shown(headers['retry-after']),
        location: shown(headers.location),
      });
    };
    const callOff = clock.after(timeoutMs, () =>
      giveUp(() => fail('TIMEOUT', `not done after ${timeoutMs / 1000} s`)),
    );

    dispatcher.dispatch(request, {
      onRequestStart(now) {
        const again = controller !== null;
        controller = now;
        if (settled) now.abort(new Error('given up'));
        else if (again) giveUp(() => fail('REPEATED', 'the connection was lost'));
      },
      onResponseStart(_, statusCode, headers) {
        if (statusCode >= 200) head = { statusCode, headers };
      },
      onResponseData(_, chunk) {
        if (size < maxAnswerBytes) chunks.push(chunk.subarray(0, maxAnswerBytes - size));
        size += chunk.length;
        if (size > maxAnswerBytes) giveUp(() => answer(true));
      },
      onResponseEnd() {
        answer(false);
      },
      onResponseError(_, error) {
        fail(codeOf(error), error.message);
      },
    });
  });
}

/**
 * Whether an error code of an https connection is about TLS. System errors are one word that begins with E, undici's begin with
 * UND_ERR_; all others are TLS errors.
 */
function isTlsCode(code: string): boolean {
  return (
    code === 'EPROTO' || !/^(E[A-Z0-9]+|EAI_[A-Z]+|UND_ERR_.*|HPE_.*|TIMEOUT|REPEATED|UNKNOWN)$/.test(code)
  );
}

function codeOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

function first(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function shown(value: string | string[] | undefined): string | null {
  const text = first(value);
  return text === null ? null : printable(text, 300);
}
