import { isUtf8 } from 'node:buffer';
import type { Input } from '../domain/place.js';
import type { Exchange, RequestRecord, SyntaxRecord } from '../domain/record.js';
import { isTooDeep, type JsonFault, JsonText } from '../read/json/text.js';
import { requestRecord, syntaxRecord } from '../read/json/value.js';
import { LARGE_BODY_BYTES, MAX_BODY_BYTES, SHALLOW_LENGTH } from './limits.js';
import { hostile } from './survey.js';

/** A body that arrived: what is to be checked of it, and what it is answered with where it cannot be taken. */
export interface Received {
  readonly record: RequestRecord | SyntaxRecord;
  /** The status of a body that cannot be taken. */
  readonly refused: 400 | 413 | 415 | null;
  /** The JSON text; null where it is none. */
  readonly text: string | null;
}

const START = { line: 1, column: 1 };

/**
 * Reads the bytes of a request body.
 * @param encoding The Content-Encoding header. Nothing is unpacked: the document knows of no packed bodies.
 */
export function readReceived(
  bytes: Buffer | 'too-large',
  encoding: string | undefined,
  input: Input,
  exchange: Exchange,
): Received {
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
    return refuse(415, input, fault, 'Send the JSON unpacked: the API document knows of no packed bodies.');
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
  return readText(text, input, exchange);
}

function readText(text: string, input: Input, exchange: Exchange): Received {
  const json = new JsonText(text, START);
  const large = text.length > LARGE_BODY_BYTES;
  const nested = text.length > SHALLOW_LENGTH ? json.tooDeep() : null;
  if (nested) return refuse(400, input, nested);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(400, input, large ? coarse(error) : json.fault());
  }
  const deep = isTooDeep(value) ? json.tooDeep() : null;
  if (deep) return refuse(400, input, deep);
  const place = { input, ...START, pointer: '', request: null };
  const record = requestRecord(value, place, large ? () => START : (pointer) => json.locate(pointer), exchange);
  const found = hostile(value);
  if (found?.status === 413) return refuse(413, input, { ...START, ...found });
  return { record, refused: found?.status ?? null, text };
}

/** Of a large text: its parser is not run again to find the place. */
function coarse(error: unknown): JsonFault {
  return {
    ...START,
    expected: 'JSON',
    received: error instanceof Error ? error.message.slice(0, 120) : 'none',
  };
}

function refuse(status: 400 | 413 | 415, input: Input, fault: JsonFault, hint?: string): Received {
  return { record: syntaxRecord(input, fault, hint), refused: status, text: null };
}
