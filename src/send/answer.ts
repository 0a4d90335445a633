import { gunzipSync } from 'node:zlib';
import { responseSchema } from '../wire/body.js';
import { isJsonObject, jsonType } from '../wire/json.js';

/** Why `Enabled` cannot be read from an answer; `detail` says what the answer held instead. */
export interface AnswerFault {
  readonly kind: 'encoded' | 'too-large' | 'empty' | 'html' | 'not-json' | 'no-enabled' | 'not-boolean';
  /** For `encoded` the encoding, for `html` the page's title, for `not-boolean` the JSON type; otherwise empty. */
  readonly detail: string;
}

/** An answer's body as it was received, still encoded. */
export interface AnswerBody {
  readonly bytes: Buffer;
  /** The answer was larger than the limit; `bytes` holds only its beginning. */
  readonly tooLarge: boolean;
  /**
   * The Content-Encoding header. Requests ask for no encoding, but some servers send gzip anyway; `readAnswer` decompresses it.
   */
  readonly encoding: string | null;
}

export interface Reading {
  readonly enabled: boolean | null;
  readonly fault: AnswerFault | null;
  /** The first characters, safe to print in a terminal. */
  readonly excerpt: string;
}

const EXCERPT = 200;
/** In bytes, after decompression. */
const LARGEST = 65_536;

/** The last answer and the result of reading it, kept because an endpoint usually sends the same answer to every request. */
let lastBytes: Buffer | null = null;
let lastReading: Reading | null = null;

/** Reads the endpoint's answer (API-6): accepts only a JSON object with a boolean `Enabled`. */
export function readAnswer(body: AnswerBody): Reading {
  const plain = body.encoding === null && !body.tooLarge;
  if (plain && lastReading && lastBytes?.equals(body.bytes)) return lastReading;
  const reading = read(body);
  if (plain) [lastBytes, lastReading] = [Buffer.from(body.bytes), reading];
  return reading;
}

function read({ bytes: coded, tooLarge, encoding: named }: AnswerBody): Reading {
  const plain = /^(x-)?gzip$/i.test(named ?? '') ? unzipped(coded) : null;
  const [bytes, encoding] = plain === null ? [coded, named] : [plain, null];
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    return { enabled: null, fault: { kind: 'encoded', detail: printable(encoding, 40) }, excerpt: '' };
  }
  const text = new TextDecoder().decode(bytes);
  const excerpt = printable(text, EXCERPT);
  if (tooLarge) return { enabled: null, fault: { kind: 'too-large', detail: '' }, excerpt };
  const value = parsed(text);
  const answer = responseSchema().safeParse(value);
  if (answer.success) return { enabled: answer.data.Enabled, fault: null, excerpt };
  return { enabled: null, fault: faultOf(text, value), excerpt };
}

/** The decompressed bytes of a gzip stream; null if it is not one, or larger than a response can be. */
function unzipped(bytes: Buffer): Buffer | null {
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST });
  } catch {
    return null;
  }
}

/** Makes a text from outside safe to print: on one line, without control characters, at most `most` characters. */
export function printable(text: string, most: number): string {
  const line = text
    .slice(0, most * 4)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '\u{fffd}')
    .trim();
  const letters = Array.from(line);
  return letters.length > most ? `${letters.slice(0, most).join('')}…` : line;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faultOf(text: string, value: unknown): AnswerFault {
  if (text.trim() === '') return { kind: 'empty', detail: '' };
  if (value === undefined) {
    if (!/^\s*<(!doctype|html|head|body|!--)/i.test(text)) return { kind: 'not-json', detail: '' };
    return { kind: 'html', detail: printable(/<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? '', 80) };
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, 'Enabled')) return { kind: 'no-enabled', detail: '' };
  return { kind: 'not-boolean', detail: jsonType(value.Enabled) };
}

/** A complete answer arrived. */
export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  /** `Enabled` in the body (API-6); null if it cannot be read as a boolean. */
  readonly enabled: boolean | null;
  /** Why `enabled` is null. */
  readonly fault: AnswerFault | null;
  /** The Retry-After header as received: seconds or a date. */
  readonly retryAfter: string | null;
  /** The Location header, safe to print in a terminal. */
  readonly location: string | null;
  /** The body's first characters, safe to print in a terminal. */
  readonly excerpt: string;
}

/** No connection was made: nothing left this machine. */
export interface NotConnected {
  readonly kind: 'not-connected';
  readonly code: string;
  readonly message: string;
}

/** The request was sent, at least in part, and no complete answer arrived. */
export interface NoAnswer {
  readonly kind: 'no-answer';
  readonly code: string;
  readonly message: string;
  /** The status, if at least the head of the answer arrived; otherwise null. */
  readonly status: number | null;
}

/** TLS failed: a certificate or the protocol. */
export interface TlsFailure {
  readonly kind: 'tls';
  readonly code: string;
  readonly message: string;
}

/** A proxy answered instead of forwarding the request. */
export interface ProxyFailure {
  readonly kind: 'proxy';
  readonly status: number;
}

/** The result of one request as plain data, whatever happened. */
export type Attempt = Answered | NotConnected | NoAnswer | TlsFailure | ProxyFailure;

/**
 * How many milliseconds a Retry-After header asks to wait. It holds seconds or an HTTP date; null if it holds neither.
 * @param now Unix seconds.
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(text)) return null;
  const at = Date.parse(/GMT|[+-]\d{4}$/.test(text) ? text : `${text} GMT`);
  return Number.isNaN(at) ? null : Math.max(0, at - now * 1000);
}
