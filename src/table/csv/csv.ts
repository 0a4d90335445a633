import { StringDecoder } from 'node:string_decoder';
import type { Input } from '../../domain/place.js';
import type { InputRecord } from '../../domain/record.js';
import { BrokenStream } from '../../read/limits.js';
import { type EventOptions, Records } from '../../read/records.js';
import { NEWLINE, ParseAhead } from '../../read/scan/bytes.js';
import type { TableOptions } from '../../read/table-options.js';
import { CsvFile } from './file.js';
import type { CsvScanner } from './scanner.js';

const BYTE_ORDER_MARK = '\uFEFF';

/** How many events and faults to hold before they are passed on: one short row can stand for many events. */
const MANY = 4096;

const MAX_LINES_IN_ROW = 4096;

/**
 * Reads CSV of any shape, in chunks of records. A row that cannot be read is a `syntax` record and the rest is read.
 * @throws UserError of kind `usage` where an option has an invalid value, of kind `input` where headers are equal or a
 * needed column is missing.
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  input: Input,
  options: TableOptions & EventOptions,
): AsyncGenerator<readonly InputRecord[]> {
  const records = new Records(input, options, false);
  const file = new CsvFile(input, options, records);
  const fast = new CsvFastPath(file);
  const text = new Decoder();
  try {
    for await (const chunk of bytes) {
      records.begin();
      for (const part of fast.parts(chunk)) {
        yield* inPieces(file, records, text.write(part));
        if (file.unreadable) break;
      }
      yield records.end();
      if (file.unreadable) return;
    }
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error;
    const { expected, received, hint } = error;
    const place = { input, ...file.rows.position, pointer: null, request: null };
    yield [{ kind: 'syntax', place, expected, received, hint, loss: 'unknown' }];
    yield* ended(file, records);
    return;
  }
  records.begin();
  yield* inPieces(file, records, text.end());
  file.endRows();
  yield records.end();
  yield* ended(file, records);
}

/** Adds the records of the rows that `text` completes; yields them in portions where there are many. */
function* inPieces(file: CsvFile, records: Records, text: string): Generator<readonly InputRecord[]> {
  file.rows.push(text);
  while (!file.unreadable && file.readRows()) {
    if (records.size < MANY) continue;
    yield records.end();
    records.begin();
  }
}

/** Yields the records that had to wait until all rows were read. */
function* ended(file: CsvFile, records: Records): Generator<readonly InputRecord[]> {
  records.begin();
  for (const _ of file.end()) {
    yield records.end();
    records.begin();
  }
  yield records.end();
}

/** Decodes bytes to text without a byte-order mark; bytes that are not UTF-8 become U+FFFD. */
class Decoder {
  readonly #decoder = new StringDecoder('utf8');
  #started = false;

  write(bytes: Uint8Array): string {
    return this.#afterMark(this.#decoder.write(bytes));
  }

  end(): string {
    return this.#afterMark(this.#decoder.end());
  }

  #afterMark(text: string): string {
    const first = !this.#started && text.startsWith(BYTE_ORDER_MARK);
    this.#started ||= text !== '';
    return first ? text.slice(1) : text;
  }
}

/** Lets the scanner read the rows that it can, and yields the bytes of all other rows for the parser. */
export class CsvFastPath {
  readonly #file: CsvFile;
  readonly #parseAhead = new ParseAhead();
  /** Whether the bytes yielded so far end at the end of a line. */
  #atLine = true;
  /** How many lines to yield next if a row continues: twice as many each time, so that a long row is not read line by line. */
  #linesInRow = 1;

  constructor(file: CsvFile) {
    this.#file = file;
  }

  /**
   * Yields the bytes that the caller must parse, and adds the events of all other rows to the records. The caller must
   * read all rows of a part before it requests the next part.
   */
  *parts(chunk: Uint8Array): Generator<Uint8Array> {
    const lastLineEnd = chunk.lastIndexOf(NEWLINE) + 1;
    for (let at = 0; at < chunk.length; ) {
      const { scanner } = this.#file;
      let lines = this.#linesInRow;
      this.#linesInRow = Math.min(2 * lines, MAX_LINES_IN_ROW);
      if (scanner && this.#atLine && this.#file.rows.betweenRows) {
        this.#linesInRow = 1;
        scanner.begin(chunk);
        const before = this.#file.rows.line;
        at = this.#take(at, lastLineEnd, scanner);
        if (at === chunk.length) return;
        lines = this.#parseAhead.lines(this.#file.rows.line - before);
      }
      const end = scanner === null ? chunk.length : endOfLines(chunk, at, lines);
      this.#atLine = chunk[end - 1] === NEWLINE;
      yield chunk.subarray(at, end);
      if (this.#file.unreadable) return;
      at = end;
    }
  }

  /** Scans whole lines until one cannot be scanned; returns where that line begins. */
  #take(from: number, to: number, scanner: CsvScanner): number {
    const { rows } = this.#file;
    const first = rows.line;
    let line = first;
    let at = from;
    while (at < to) {
      const next = scanner.rows.take(at, line);
      if (next < 0) break;
      at = next;
      line += 1;
    }
    rows.passLines(line - first);
    scanner.note(line - first);
    return at;
  }
}

function endOfLines(bytes: Uint8Array, from: number, lines: number): number {
  let end = from;
  for (let line = 0; line < lines; line += 1) {
    const feed = bytes.indexOf(NEWLINE, end);
    if (feed < 0) return bytes.length;
    end = feed + 1;
  }
  return end;
}
