import { StringDecoder } from 'node:string_decoder';
import type { Input } from '../../domain/place.js';
import type { InputRecord } from '../../domain/record.js';
import { BrokenStream } from '../../read/limits.js';
import { type EventOptions, Records } from '../../read/records.js';
import type { TableOptions } from '../../read/table-options.js';
import { CsvFastPath } from './fast-path.js';
import { CsvFile } from './file.js';

const BYTE_ORDER_MARK = '\uFEFF';

/** More events and faults of a chunk are not held at once: a short row may stand for many. */
const MANY = 4096;

/**
 * Reads CSV of any shape, in chunks of records. A row that cannot be read is a `syntax` record and the rest is read.
 * @throws UserError of kind `usage` at settings that cannot be followed, of kind `input` at equal headers and where a needed column is missing.
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

/** Adds the records of the rows that a piece of the text completes; gives those there are where they become many. */
function* inPieces(file: CsvFile, records: Records, text: string): Generator<readonly InputRecord[]> {
  file.rows.push(text);
  while (!file.unreadable && file.readRows()) {
    if (records.size < MANY) continue;
    yield records.end();
    records.begin();
  }
}

/** What was held back until all rows were there. */
function* ended(file: CsvFile, records: Records): Generator<readonly InputRecord[]> {
  records.begin();
  for (const _ of file.end()) {
    yield records.end();
    records.begin();
  }
  yield records.end();
}

/** Bytes as text without a byte order mark; what is no UTF-8 becomes U+FFFD. */
class Decoder {
  readonly #decoder = new StringDecoder('utf8');
  #begun = false;

  write(bytes: Uint8Array): string {
    return this.#afterMark(this.#decoder.write(bytes));
  }

  end(): string {
    return this.#afterMark(this.#decoder.end());
  }

  #afterMark(text: string): string {
    const first = !this.#begun && text.startsWith(BYTE_ORDER_MARK);
    this.#begun ||= text !== '';
    return first ? text.slice(1) : text;
  }
}
