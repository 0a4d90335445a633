import { StringDecoder } from 'node:string_decoder';
import type { Input } from '../../domain/place.js';
import type { InputRecord } from '../../domain/record.js';
import { BrokenStream } from '../broken-stream.js';
import { CsvFile, type CsvOptions } from './file.js';

export type { CsvOptions } from './file.js';

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
  try {
    for await (const text of decoded(bytes)) {
      file.scanner.push(text);
      for (let records = file.take(); records; records = file.take()) {
        if (records.length > 0) yield records;
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
  const last = file.scanner.end();
  const records = last ? file.records([last]) : [];
  if (records.length > 0) yield records;
}

/** The bytes as text without a byte order mark; what is no UTF-8 becomes U+FFFD. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let begun = false;
  for await (const chunk of bytes) {
    const text = decoder.write(chunk);
    if (text === '') continue;
    yield begun || !text.startsWith(BYTE_ORDER_MARK) ? text : text.slice(1);
    begun = true;
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}
