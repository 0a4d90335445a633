import { StringDecoder } from 'node:string_decoder';
import type { Input } from '../../domain/place.js';
import type { InputRecord } from '../../domain/record.js';
import { BrokenStream } from '../broken-stream.js';
import type { CsvOptions } from './csv-options.js';
import { CsvFile } from './file.js';
import { Lane } from './lane.js';

export type { CsvOptions } from './csv-options.js';

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Reads CSV in either shape, event rows or session rows, in chunks of records. A row that cannot be read is a `syntax` record and the
 * rest is read. Throws a `UserError`: of kind usage at settings that cannot be followed, of kind input at equal headers and where a
 * needed column is missing.
 */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  input: Input,
  options: CsvOptions,
): AsyncGenerator<InputRecord[]> {
  const file = new CsvFile(input, options);
  const lane = new Lane(file);
  const text = new Decoder();
  try {
    for await (const chunk of bytes) {
      for (const part of lane.parts(chunk)) {
        if (part instanceof Uint8Array) yield* recordsOf(file, text.write(part));
        else yield [part];
        if (file.unreadable) return;
      }
    }
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error;
    const { expected, received, hint } = error;
    const place = { input, ...file.scanner.position, pointer: null, request: null };
    yield [{ kind: 'syntax', place, expected, received, hint }];
    return;
  }
  yield* recordsOf(file, text.end());
  const last = file.scanner.end();
  const records = last && !file.unreadable ? file.records([last]) : [];
  if (records.length > 0) yield records;
}

/** The records of the rows that a piece of the text completes. */
function* recordsOf(file: CsvFile, text: string): Generator<InputRecord[]> {
  file.scanner.push(text);
  for (let records = file.take(); records; records = file.take()) {
    if (records.length > 0) yield records;
    if (file.unreadable) return;
  }
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
