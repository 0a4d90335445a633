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

/** Reads request bodies, and limits the memory of all bodies that are being read. */
export class BodyReader {
  #held = 0;

  /** @param maxHeld The most bytes that all bodies being read can hold together. */
  constructor(readonly maxHeld = MAX_BODY_BYTES_AT_ONCE) {}

  /**
   * @param response Answers a client that waits to send its body (`Expect: 100-continue`).
   * @param maxBytes The largest body to accept.
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
          // Other listeners exist until the request ends, and would keep the chunks in memory.
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

/** Reads and discards a body, so that its sender can read the answer. Closes the connection if the body is too long. */
export function discard(request: IncomingMessage): void {
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_DISCARDED_BYTES) request.destroy();
  });
  request.resume();
}

/** A body that arrived: what to check, and the response if it cannot be accepted. */
export interface ReceivedBody {
  readonly record: RequestRecord | SyntaxRecord;
  /** The status of the answer if the body cannot be accepted; otherwise null. */
  readonly refused: 400 | 413 | 415 | null;
  /** The body as JSON text; null if it is not JSON. */
  readonly text: string | null;
}

const START = { line: 1, column: 1 };

/**
 * Reads the bytes of a request body.
 * @param encoding The Content-Encoding header. Encoded bodies are refused: the API document does not mention them.
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
      expected: 'an uncompressed body',
      received: `Content-Encoding ${JSON.stringify(encoding)}`,
    };
    return refuse(415, input, fault, SEND_UNPACKED);
  }
  if (!isUtf8(bytes)) {
    const fault = { ...START, expected: 'UTF-8', received: 'bytes that are not UTF-8' };
    return refuse(400, input, fault, 'Send JSON as UTF-8, unpacked.');
  }
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (text.trim() === '') {
    const fault = { ...START, expected: 'a JSON body', received: 'nothing' };
    return refuse(
      400,
      input,
      fault,
      'Pass the body to fetch or sendBeacon: the URL alone reports no events.',
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

/** The fault of a large text, without its place: finding that would need a second, slower parser. */
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

/** Why a JSON body is not checked, in the words of the finding. */
interface BodyLimitFault {
  readonly status: 400 | 413;
  readonly expected: string;
  readonly received: string;
}

/**
 * Checks the limits of a body, so that a malicious body is refused before the rules check it. The caller has checked its depth.
 */
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
