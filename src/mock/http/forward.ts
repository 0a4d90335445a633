import { Agent, type Dispatcher, request } from 'undici';
import { isSimulatedId } from '../../domain/guid.js';
import { responseSchema } from '../../wire/body.js';
import type { ForwardSettings } from '../options.js';
import { type MockReply, messageReply } from './reply.js';

/** A request to forward. */
export interface ForwardedRequest {
  /** The query with its question mark; can be empty. */
  readonly search: string;
  readonly contentType: string | null;
  readonly userAgent: string | null;
  readonly body: string;
  /** The SessionIds in the body. */
  readonly sessions: readonly string[];
}

/** The answer for the player, and why forwarding failed; null if it did not. */
export interface ForwardResult {
  readonly reply: MockReply;
  readonly notForwarded: string | null;
}

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
const RETURNED_HEADERS = ['content-type', 'retry-after', 'location'] as const;

/** Forwards requests to a real endpoint, and returns its answers. */
export class Forwarder {
  readonly #dispatcher: Dispatcher = new Agent({ connections: 16, pipelining: 1 });

  constructor(readonly settings: ForwardSettings) {}

  /**
   * Why a request is not forwarded; null if it may be. Simulated sessions are forwarded only if a flag allows it, because no
   * way to delete data at Omny is documented.
   */
  reasonToKeep({ sessions }: Pick<ForwardedRequest, 'sessions'>): string | null {
    if (this.settings.allowSimulated || !sessions.some(isSimulatedId)) return null;
    return 'not forwarded: it holds sessions that simulate made (--allow-simulated forwards them)';
  }

  /**
   * Why a browser's request is refused; null if it is accepted. Otherwise any web page could send data to the real endpoint
   * through this machine.
   */
  refusalOf(origin: string | undefined, host: string | undefined): string | null {
    const { allowOrigins = [] } = this.settings;
    if (origin === undefined || allowOrigins.includes(origin)) return null;
    if (host !== undefined && /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, '') === host)
      return null;
    return `a web page from ${origin} may not send through --forward: add --allow-origin ${origin} to allow it`;
  }

  /**
   * Forwards a request. Returns the endpoint's response unchanged, including redirects, or 502 with the reason if there is
   * none.
   */
  async forward({ search, contentType, userAgent, body }: ForwardedRequest): Promise<ForwardResult> {
    const { url } = this.settings;
    const target = search === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${search.slice(1)}`;
    try {
      const answer = await request(target, {
        dispatcher: this.#dispatcher,
        method: 'POST',
        headers: {
          accept: 'application/json',
          ...(contentType === null ? {} : { 'content-type': contentType }),
          ...(userAgent === null ? {} : { 'user-agent': userAgent }),
          ...(this.settings.authorization === null ? {} : { authorization: this.settings.authorization }),
        },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const bytes = await readBounded(answer.body);
      if (bytes === null) return failed(`${url} answered with more than 1 MiB`);
      const headers: Record<string, string> = {};
      for (const name of RETURNED_HEADERS) {
        const value = answer.headers[name];
        if (typeof value === 'string') headers[name] = value;
      }
      const status = answer.statusCode;
      const reply = { status, headers, body: bytes, enabled: status < 300 ? enabledIn(bytes) : null };
      const expected = reply.enabled !== null;
      return {
        reply,
        notForwarded: expected ? null : `${url} answered ${status} without a readable Enabled`,
      };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return failed(`${url} gave no answer: ${why}`);
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }
}

function failed(notForwarded: string): ForwardResult {
  return { reply: messageReply(502, notForwarded), notForwarded };
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function enabledIn(bytes: Buffer): boolean | null {
  try {
    const answer = responseSchema().safeParse(JSON.parse(bytes.toString('utf8')));
    return answer.success ? answer.data.Enabled : null;
  } catch {
    return null;
  }
}
