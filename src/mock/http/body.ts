import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Input } from '../../domain/place.js';
import type { Exchange, RequestRecord, SyntaxRecord } from '../../domain/record.js';
import { formatNumber } from '../../domain/text.js';
import { SEND_UNPACKED } from '../../read/har/body.js';
import { requestRecord, syntaxRecord } from '../../read/json/json.js';
import { isTooDeep, type JsonFault, JsonText } from '../../read/json/text.js';
import { isJsonObject } from '../../wire/json.js';
import {
  LARGE_BODY_BYTES,
  MAX_BODY_BYTES,
  MAX_BODY_BYTES_AT_ONCE,
  MAX_BODY_VALUES,
  MAX_DISCARDED_BYTES,
  MAX_EVENTS,
  SHALLOW_LENGTH,
} from '../options.js';

/** A body, or why it could not be read: `aborted` if its sender disconnected. */
export type BodyBytes = Buffer | 'too-large' | 'busy' | 'aborted';

/** Reads request bodies, and bounds what all of them hold at once. */
export class BodyReader {
  #held = 0;

  /** @param maxHeld Bytes of all bodies being read at once. */
  constructor(readonly maxHeld = MAX_BODY_BYTES_AT_ONCE) {}

  /**
   * @param response Answers a client that waits to send its body (`Expect: 100-continue`).
   * @param maxBytes The limit of the body.
   */
  async read(request: IncomingMessage, response: ServerResponse, maxBytes: number): Promise<BodyBytes> {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 'too-large';
    if (request.headers.expect !== undefined) response.writeContinue();
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      return await new Promise<BodyBytes>((resolve) => {
        request.on('data', (chunk: Buffer) => {
          size += chunk.length;
          this.#held += chunk.length;
          chunks.push(chunk);
          if (size <= maxBytes && this.#held <= this.maxHeld) return;
          request.removeAllListeners('data');
          // The other listeners stay until the request ends, and would hold them.
          chunks.length = 0;
          resolve(size > maxBytes ? 'too-large' : 'busy');
        });
        request.on('end', () => resolve(Buffer.concat(chunks)));
        request.on('close', () => resolve('aborted'));
        request.on('error', () => resolve('aborted'));
      });
    } finally {
      this.#held -= size;
    }
  }
}

/** Discards a body that is not wanted, so that its sender gets to read the answer; one without end is cut off. */
export function discard(request: IncomingMessage): void {
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_DISCARDED_BYTES) request.destroy();
  });
  request.resume();
}

/** Whether a body is one that the endpoint would take: JSON with a list of `Events`. */
export function holdsEvents(bytes: Buffer): boolean {
  if (!bytes.includes('"Events"')) return false;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isJsonObject(value) && Array.isArray(value.Events);
  } catch {
    return false;
  }
}

/** A body that arrived: what to check, and the response if it cannot be accepted. */
export interface ReceivedBody {
  readonly record: RequestRecord | SyntaxRecord;
  /** The status of a body that cannot be taken. */
  readonly refused: 400 | 413 | 415 | null;
  /** The JSON text; null without one. */
  readonly text: string | null;
}

const START = { line: 1, column: 1 };

/**
 * Reads the bytes of a request body.
 * @param encoding The Content-Encoding header. Nothing is unpacked: the document knows of no packed bodies.
 */
export function readReceivedBody(
  bytes: Buffer | 'too-large',
  encoding: string | undefined,
  input: Input,
  exchange: Exchange,
): ReceivedBody {
  if (bytes === 'too-large') {
    const expected = `a body of at most ${MAX_BODY_BYTES / 1024 / 1024} MiB`;
    const hint = 'Send sessions in smaller batches. A browser refuses a beacon of more than 64 KiB.';
    return refuse(413, input, { ...START, expected, received: 'a larger one' }, hint);
  }
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    const fault = {
      ...START,
      expected: 'a body as it is',
      received: `Content-Encoding ${JSON.stringify(encoding)}`,
    };
    return refuse(415, input, fault, SEND_UNPACKED);
  }
  if (!isUtf8(bytes)) {
    const fault = { ...START, expected: 'UTF-8', received: 'bytes that are not' };
    return refuse(400, input, fault, 'Send JSON as UTF-8, unpacked.');
  }
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (text.trim() === '') {
    const fault = { ...START, expected: 'a JSON body', received: 'nothing' };
    return refuse(
      400,
      input,
      fault,
      'Hand the body to fetch or sendBeacon; a GUID in the URL alone says nothing.',
    );
  }
  return readJsonBody(text, input, exchange);
}

function readJsonBody(text: string, input: Input, exchange: Exchange): ReceivedBody {
  const json = new JsonText(text, START);
  const large = text.length > LARGE_BODY_BYTES;
  const nested = text.length > SHALLOW_LENGTH ? json.tooDeep() : null;
  if (nested) return refuse(400, input, nested);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const fault = large ? faultWithoutPlace(error) : json.fault();
    return refuse(400, input, fault, fault.hint);
  }
  const deep = isTooDeep(value) ? json.tooDeep() : null;
  if (deep) return refuse(400, input, deep);
  const place = { input, ...START, pointer: '', request: null };
  const record = requestRecord(
    value,
    place,
    large ? () => START : (pointer) => json.locate(pointer),
    exchange,
  );
  const found = bodyLimitFault(value);
  if (found?.status === 413) return refuse(413, input, { ...START, ...found });
  return { record, refused: found?.status ?? null, text };
}

/** Of a large text: its parser is not run again to find the place. */
function faultWithoutPlace(error: unknown): JsonFault {
  return {
    ...START,
    expected: 'JSON',
    received: error instanceof Error ? error.message.slice(0, 120) : 'none',
  };
}

function refuse(status: 400 | 413 | 415, input: Input, fault: JsonFault, hint?: string): ReceivedBody {
  return { record: syntaxRecord(input, fault, hint), refused: status, text: null };
}

/** Why a body that is JSON is not looked at; the finding's words. */
interface BodyLimitFault {
  readonly status: 400 | 413;
  readonly expected: string;
  readonly received: string;
}

/** Looks a body over before it is checked: one made to hurt is refused. Its nesting has been looked at. */
function bodyLimitFault(value: unknown): BodyLimitFault | null {
  const events = isJsonObject(value) && Array.isArray(value.Events) ? value.Events.length : 0;
  if (events > MAX_EVENTS) return tooMany(MAX_EVENTS, events, 'events in a request');
  const seen = { values: 0, proto: false };
  countValues(value, seen);
  if (seen.values > MAX_BODY_VALUES) return tooMany(MAX_BODY_VALUES, seen.values, 'values in a request');
  if (!seen.proto) return null;
  return { status: 400, expected: 'the documented properties', received: 'a property named "__proto__"' };
}

function countValues(value: unknown, seen: { values: number; proto: boolean }): void {
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__')) seen.proto = true;
  const inner: unknown[] = Array.isArray(value) ? value : Object.values(value);
  seen.values += inner.length;
  for (const each of inner) countValues(each, seen);
}

function tooMany(most: number, received: number, what: string): BodyLimitFault {
  return { status: 413, expected: `at most ${formatNumber(most)} ${what}`, received: formatNumber(received) };
}
