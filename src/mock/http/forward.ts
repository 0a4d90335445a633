import { Agent, type Dispatcher, request } from 'undici';
import { isSimulatedId } from '../../domain/guid.js';
import { responseSchema } from '../../wire/body.js';
import type { ForwardSettings } from '../options.js';
import { type MockReply, messageReply } from './reply.js';

/** A request that is passed on. */
export interface ForwardedRequest {
  /** With its question mark; can be empty. */
  readonly search: string;
  readonly contentType: string | null;
  readonly userAgent: string | null;
  readonly body: string;
  /** SessionIds in it. */
  readonly sessions: readonly string[];
}

/** What the player gets, and what went wrong. */
export interface ForwardResult {
  readonly reply: MockReply;
  readonly notForwarded: string | null;
}

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 1024 * 1024;
const RETURNED_HEADERS = ['content-type', 'retry-after', 'location'] as const;

/** Passes requests on to a real endpoint, and its answers back. */
export class Forwarder {
  readonly #dispatcher: Dispatcher = new Agent({ connections: 16, pipelining: 1 });

  constructor(readonly settings: ForwardSettings) {}

  /** Why it is not passed on: no way to delete at Omny is documented, so simulated sessions stay here unless a flag allows them. */
  reasonToKeep({ sessions }: Pick<ForwardedRequest, 'sessions'>): string | null {
    if (this.settings.allowSimulated || !sessions.some(isSimulatedId)) return null;
    return 'not passed on: it holds sessions that simulate made (--allow-simulated passes them on)';
  }

  /** Why a browser's request is not taken: a page elsewhere could send through this machine. Null where it is. */
  refusalOf(origin: string | undefined, host: string | undefined): string | null {
    const { allowOrigins = [] } = this.settings;
    if (origin === undefined || allowOrigins.includes(origin)) return null;
    if (host !== undefined && /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, '') === host)
      return null;
    return `a web page from ${origin} may not send through --forward: add --allow-origin ${origin} to allow it`;
  }

  /**
   * The endpoint's response, unchanged: a redirect is returned, not followed. 502 with the reason if there is no
   * response.
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
