import { isUtf8 } from 'node:buffer';
import { NO_ELEMENT } from '../../domain/event-batch.js';
import type { Input } from '../../domain/place.js';
import type { InputRecord } from '../../domain/record.js';
import { pluralize } from '../../domain/text.js';
import { addJsonText, canHoldEvent, syntaxRecord, textLost } from '../json/json.js';
import { BrokenStream, MAX_LINE_BYTES } from '../limits.js';
import { type EventOptions, Records, scans } from '../records.js';
import { NEWLINE, ParseAhead } from '../scan/bytes.js';
import { JsonScanner } from '../scan/json.js';
import { MAX_VALUE_BYTES } from '../scan/values.js';
import { excerpt } from '../text.js';

/**
 * Reads one JSON value per line: an event, an array of events or a request body. A line that cannot be parsed becomes
 * its own record, and the rest is read.
 */
export async function* readNdjson(
  bytes: AsyncIterable<Uint8Array>,
  input: Input,
  options: EventOptions = {},
): AsyncGenerator<readonly InputRecord[]> {
  const lines = new Lines(input, options);
  try {
    for await (const chunk of bytes) yield lines.take(chunk);
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error;
    yield* lines.breakOff(error);
    return;
  }
  yield* lines.end();
}

/** Cuts bytes into lines, and counts them. */
class Lines {
  readonly #input: Input;
  readonly #records: Records;
  readonly #scanner: JsonScanner | null;
  readonly #parseAhead = new ParseAhead();
  #line = 1;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** How many lines hold several values, or a value and other characters. */
  #glued = 0;
  readonly #onNote: EventOptions['onNote'];

  constructor(input: Input, options: EventOptions) {
    this.#input = input;
    this.#onNote = options.onNote;
    this.#records = new Records(input, options);
    this.#scanner = scans(options) ? new JsonScanner(this.#records, 'lines') : null;
  }

  take(chunk: Uint8Array): readonly InputRecord[] {
    this.#records.begin();
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0) {
      this.#hold(chunk);
      return [];
    }
    // The held bytes are the start of the line that ends in this chunk.
    const from = this.#heldBytes === 0 ? 0 : chunk.indexOf(NEWLINE) + 1;
    this.#hold(chunk.subarray(0, Math.max(from - 1, 0)));
    this.#readHeld();
    if (end >= from) this.#read(chunk, from, end);
    this.#hold(chunk.subarray(end + 1));
    return this.#records.end();
  }

  *end(): Generator<readonly InputRecord[]> {
    this.#records.begin();
    this.#readHeld();
    yield this.#records.end();
    if (this.#records.rows) yield* this.#records.rows.end();
    if (this.#glued > 0)
      this.#onNote?.(
        this.#input.name,
        `${pluralize(this.#glued, 'line')} with several values, a comma or a record separator, read value by value`,
      );
  }

  *breakOff({ expected, received, hint }: BrokenStream): Generator<readonly InputRecord[]> {
    yield [syntaxRecord(this.#input, { line: this.#line, column: 1, expected, received }, hint)];
    if (this.#records.rows) yield* this.#records.rows.end();
  }

  #hold(bytes: Uint8Array): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > MAX_LINE_BYTES) this.#held = [];
    else if (bytes.length > 0) this.#held.push(Buffer.from(bytes));
  }

  #readHeld(): void {
    const length = this.#heldBytes;
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    if (length > MAX_LINE_BYTES) this.#tooLong(length);
    else if (length > 0) this.#read(asWholeLine(held, length), 0, length);
  }

  /** Reads whole lines; the last one ends at `end`. Parses the lines that the scanner cannot read. */
  #read(bytes: Uint8Array, from: number, end: number): void {
    const scanner = this.#scanner;
    if (!scanner) {
      this.#parse(part(bytes, from, end));
      return;
    }
    scanner.begin(bytes);
    let line = this.#line;
    let taken = 0;
    for (let at = from; at <= end; ) {
      const next = scanner.take(at, line, at);
      if (next >= 0) {
        at = next;
        line += 1;
        taken += 1;
        continue;
      }
      const to = endOfLines(bytes, at, this.#parseAhead.lines(taken), end);
      this.#line = line;
      this.#parse(part(bytes, at, to));
      line = this.#line;
      at = to + 1;
      taken = 0;
    }
    this.#line = line;
  }

  /** Parses whole lines. @param text The lines, without the line feed at the end of the last. */
  #parse(block: Buffer): void {
    const isText = isUtf8(block);
    if (!isText && block.includes(NEWLINE)) {
      // Invalid UTF-8 makes only its own line invalid.
      for (let start = 0; start <= block.length; ) {
        const feed = block.indexOf(NEWLINE, start);
        const end = feed < 0 ? block.length : feed;
        this.#parse(block.subarray(start, end));
        start = end + 1;
      }
      return;
    }
    for (const text of block.toString('utf8').split('\n')) {
      if (text.length > MAX_LINE_BYTES) this.#tooLong(text.length);
      else {
        if (text.trim() !== '') this.#parseLine(text, isText);
        this.#line += 1;
      }
    }
  }

  #parseLine(text: string, isText: boolean): void {
    const start = { line: this.#line, column: 1 };
    const broken = isText ? -1 : text.indexOf('\ufffd');
    if (broken < 0) {
      addJsonText(
        this.#records,
        text,
        this.#input,
        start,
        NO_ELEMENT,
        () => this.#addGlued(text) || this.#addNoEvent(text),
      );
      return;
    }
    const fault = { ...start, column: broken + 1, expected: 'UTF-8', received: 'bytes that are not UTF-8' };
    this.#records.add(
      syntaxRecord(this.#input, fault, 'Save the file as UTF-8.', textLost(this.#records, text)),
    );
  }

  /** Adds the values of a line that holds several, or a value and other characters. Returns whether it is such a line. */
  #addGlued(text: string): boolean {
    const glued = valuesOnLine(text);
    if (!glued?.every((value) => isJson(value.text))) return false;
    this.#glued += 1;
    for (const value of glued)
      addJsonText(this.#records, value.text, this.#input, { line: this.#line, column: value.offset + 1 });
    return true;
  }

  /** Adds a line that can hold no event; returns whether it is such a line. */
  #addNoEvent(text: string): boolean {
    if (canHoldEvent(text) || text.includes('\u0000')) return false;
    const column = text.length - text.trimStart().length + 1;
    const fault = { line: this.#line, column, expected: 'a JSON value', received: excerpt(text.trim()) };
    const hint = 'The line holds no event: remove log lines, and the rest of a value that was cut off.';
    this.#records.add(syntaxRecord(this.#input, fault, hint, { loss: 'nothing', text }));
    return true;
  }

  #tooLong(length: number): void {
    const expected = `a line of at most ${MAX_LINE_BYTES / 1024 / 1024} MiB`;
    const received = `a line of ${(length / 1024 / 1024).toFixed(1)} MiB`;
    const hint = 'Write one body or event per line; a request should stay under 64 KiB.';
    this.#records.add(syntaxRecord(this.#input, { line: this.#line, column: 1, expected, received }, hint));
    this.#line += 1;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function part(bytes: Uint8Array, from: number, to: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
}

/** A line put together from pieces, with a line feed and padding for the scanner. */
function asWholeLine(pieces: readonly Uint8Array[], length: number): Buffer {
  const line = Buffer.concat(pieces, length + 1 + MAX_VALUE_BYTES);
  line[length] = NEWLINE;
  return line;
}

/** The index of the line feed that ends the given number of lines, or the one at `last`. */
function endOfLines(bytes: Uint8Array, from: number, lines: number, last: number): number {
  let end = bytes.indexOf(NEWLINE, from);
  for (let line = 1; line < lines && end < last; line += 1) end = bytes.indexOf(NEWLINE, end + 1);
  return end;
}

/** A JSON text on a line, and where it begins. */
export interface ValueOnLine {
  readonly offset: number;
  readonly text: string;
}

/** Allowed between values: white space, commas, and the record separators of RFC 7464. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const BETWEEN = /[\s,\u001e]/;

/**
 * The objects and arrays of a line: several, or one with a comma behind it or a record separator before it. Returns
 * undefined where the line holds anything else, or its last value is incomplete.
 */
export function valuesOnLine(line: string): readonly ValueOnLine[] | undefined {
  const values: ValueOnLine[] = [];
  let depth = 0;
  let begin = 0;
  let inString = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at]!;
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '{' || char === '[') {
      if (depth === 0) begin = at;
      depth += 1;
    } else if (depth === 0) {
      if (!BETWEEN.test(char)) return undefined;
    } else if (char === '"') inString = true;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) values.push({ offset: begin, text: line.slice(begin, at + 1) });
    }
  }
  return depth === 0 && !inString && values.length > 0 ? values : undefined;
}
