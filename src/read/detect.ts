import { visit } from 'jsonc-parser';
import { UserError } from '../domain/errors.js';
import { escaped } from '../domain/text.js';
import { MAX_LINE_BYTES } from './limits.js';
import { valuesOnLine } from './ndjson/ndjson.js';
import type { Enough } from './source.js';

export type InputFormat = 'json' | 'ndjson' | 'csv' | 'har' | 'parquet';

const ENDINGS: Readonly<Record<string, InputFormat>> = {
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  csv: 'csv',
  tsv: 'csv',
  har: 'har',
};

const HEAD_BYTES = 64 * 1024;
/** A NUL among this many bytes means that an input is binary. */
const BINARY_BYTES = 4096;
/** This many runs of NULs are accepted in text. */
const MAX_HOLES = 4;
/** Comes before each value of a JSON text sequence (RFC 7464). */
const RECORD_SEPARATOR = '\u001e';
const NEWLINE = 0x0a;
const BLANK = 0x20;
const DELIMITERS = /[,;\t|]/;

/**
 * Whether the bytes so far are enough to detect the format: they have two lines that are not blank and enough bytes to
 * know that it is text, or more bytes than any line can have.
 */
export function enoughForFormat(): Enough {
  let seen = 0;
  let lines = 0;
  let inLine = false;
  return (chunk) => {
    seen += chunk.length;
    for (let at = 0; at < chunk.length && lines < 2; at += 1) {
      if (inLine) {
        const end = chunk.indexOf(NEWLINE, at);
        if (end < 0) break;
        at = end;
        inLine = false;
      } else if (chunk[at]! > BLANK) {
        lines += 1;
        inLine = true;
      }
    }
    return (lines === 2 && seen >= BINARY_BYTES) || seen > MAX_LINE_BYTES;
  };
}

/**
 * The format of an input, by its file ending, else by its first bytes. A `.json` with one value per line is ndjson.
 * @throws UserError of kind `input` if the bytes are binary or have no known format
 */
export function detectFormat(name: string, head: Uint8Array): InputFormat {
  refuseBinary(name, head);
  const ending = /\.([^./\\]+)(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  const named = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
  if (named && named !== 'json') return named;
  const text = Buffer.from(head)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    // Errors between values are reported where they are read.
    .replaceAll('\u00a0', ' ');
  const [first] = text.trimStart();
  if (first === RECORD_SEPARATOR || (first === undefined && !named)) return 'ndjson';
  if (!named && first === '{' && holdsLog(text)) return 'har';
  if (named === 'json' || first === '{' || first === '[') return holdsValueALine(text) ? 'ndjson' : 'json';
  const header = text.split(/[\r\n]/, 1)[0] ?? '';
  if (DELIMITERS.test(header)) return 'csv';
  throw new UserError(
    'input',
    `${escaped(name)}: has no known format: expected JSON, one JSON value per line, a HAR, or CSV with a header row`,
    'Name the format with --input-format json, ndjson, csv or har.',
  );
}

const PARQUET_MARK = 'PAR1';

/** Whether an input is Parquet, by its first bytes. @throws UserError of kind `input` where it is not, but its name says so. */
export function isParquet(name: string, head: Uint8Array): boolean {
  if (Buffer.from(head.subarray(0, PARQUET_MARK.length)).toString('latin1') === PARQUET_MARK) return true;
  if (!/\.parquet(?:\.gz)?$/i.test(name)) return false;
  throw new UserError(
    'input',
    `${escaped(name)}: is named .parquet, but is not a Parquet file`,
    'Name its format with --input-format json, ndjson, csv or har',
  );
}

/**
 * Matches the beginning of events and request bodies, but not of wrappers, which can also have the keys `type`,
 * `timestamp` and `events` in small letters.
 */
const USUAL_BEGINNING =
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /^\ufeff?[\s\u001e]*\[?\s*\{\s*"(?:[Oo]rganization_?[Ii]d"|[Cc]lip_?[Ii]d"|[Ss]ession_?[Ii]d"|[Pp]osition"|[Ss]eq_?[Nn]umber"|[Tt]ype"\s*:\s*"[Ss]t(?:art|op)"|Timestamp"|Source"|Events"|Completed")/;

/**
 * Whether the first bytes can be those of a document in another format: an archive, an HTML page, a HAR under another
 * name, or events in a wrapper.
 */
export function mayBeForeign(head: Uint8Array): boolean {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, BINARY_BYTES));
  if (start.includes(0) || start[0] === 0xfe || start[0] === 0xff) return true;
  const text = start.toString('utf8');
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/^(?:PK\u0003\u0004|PAR1|BZh|\(\ufffd\/|\ufffd7zXZ|\ufeff?\s*<)/.test(text)) return true;
  return /^\ufeff?\s*[[{]/.test(text) && !USUAL_BEGINNING.test(text);
}

/** Control characters other than NUL that text never has. */
const NO_TEXT = new Set([
  1, 2, 3, 4, 5, 6, 7, 8, 11, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 31,
]);

/** Whether bytes with NULs are text in which a loss of power left a few runs of NULs. */
function isTextWithHoles(bytes: Uint8Array): boolean {
  let holes = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (NO_TEXT.has(bytes[at]!)) return false;
    if (bytes[at] === 0 && bytes[at - 1] !== 0) holes += 1;
  }
  return holes <= MAX_HOLES && bytes.some((byte) => byte === 0x7b || byte === 0x2c);
}

/** @throws UserError of kind `input` where the first bytes are not UTF-8 text. */
export function refuseBinary(name: string, head: Uint8Array): void {
  const [a, b] = head;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw new UserError('input', `${escaped(name)}: is UTF-16, expected UTF-8`, 'Save it as UTF-8.');
  }
  const start = head.subarray(0, BINARY_BYTES);
  if (start.includes(0) && !isTextWithHoles(start)) {
    throw new UserError(
      'input',
      `${escaped(name)}: is binary, expected JSON, one JSON value per line, or CSV`,
    );
  }
}

/** Whether the first bytes of a text show an object with a `log` object, as in a HAR. */
function holdsLog(text: string): boolean {
  const head = text.slice(0, HEAD_BYTES);
  if (!head.includes('"log"')) return false;
  let found = false;
  let ended = false;
  // The handlers for ends are needed: without them, the visitor does not continue after a value that it skips.
  const onObjectBegin = (
    _o: number,
    _l: number,
    _line: number,
    _c: number,
    pathOf: () => unknown[],
  ): boolean => {
    const path = pathOf();
    found ||= !ended && path.length === 1 && path[0] === 'log';
    return path.length === 0;
  };
  try {
    visit(head, {
      onObjectBegin,
      // A document with `Events` beside `log` is a request body.
      onObjectProperty: (name, _o, _l, _line, _c, pathOf) => {
        ended ||= name === 'Events' && pathOf().length === 0;
      },
      onObjectEnd: () => {},
      onArrayBegin: () => false,
      onArrayEnd: () => {},
      onError: () => {
        ended = true;
      },
    });
  } catch {
    return false;
  }
  return found;
}

function holdsValueALine(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [first = ''] = lines;
  if ((valuesOnLine(first)?.length ?? 0) > 1) return true;
  if (lines.length < 2) return false;
  if (isContainer(first)) return true;
  const document = text.slice(0, HEAD_BYTES);
  return breaksBefore(document) && lines.slice(1).some(isContainer);
}

function isContainer(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** Whether a text is invalid JSON before its end, so that no continuation can make it valid. */
function breaksBefore(text: string): boolean {
  let broken = false;
  try {
    visit(text, {
      onError: (_code, offset, length) => {
        if (offset + length < text.trimEnd().length) broken = true;
      },
    });
  } catch {
    return false;
  }
  return broken;
}
